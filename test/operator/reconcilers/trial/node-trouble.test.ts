// Which nodes a search avoids: where Pods fail one after the other, while elsewhere they do not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Retry } from '../../../../crds/index.ts';
import { avoidedNodes } from '../../../../operator/reconcilers/trial/index.ts';
import { makePod, type PodBuilder, START_MS } from '../../../builders/objects.ts';

const { never } = Retry.parse({});
const HOUR = 3_600_000;

/** Names of nodes that are avoided, two minutes after the start. */
const avoided = (pods: readonly PodBuilder[], nowMs = START_MS + 120_000) =>
  avoidedNodes({ pods: pods.map(({ object }) => object), never, nowMs });
const names = (...of: Parameters<typeof avoided>) => avoided(...of).map(({ node }) => node);

const at = (node: string, trial: string) => makePod(0, trial).on(node);
const failing = (node: string, trial: string, to: number, code = 1) =>
  at(node, trial).ended(code, { to });
const good = (node: string, to = 5) => at(node, 'good').ended(0, { to });
const three = (node: string) => ['a', 'b', 'c'].map((trial, i) => failing(node, trial, 10 + i));

test.each<[string, PodBuilder[], string[]]>([
  ['three failures in a row, and another node that works', [...three('x'), good('y')], ['x']],
  ['two are no pattern', [...three('x').slice(1), good('y')], []],
  [
    'one trial that fails everywhere is its own fault',
    [1, 2, 3].map((to) => failing('x', 'a', to)).concat(good('y')),
    [],
  ],
  ['two trials will do', [...three('x').slice(1), failing('x', 'b', 20), good('y')], ['x']],
  ['a Pod that succeeded since proves the node', [...three('x'), good('x', 30), good('y')], []],
  ['one that succeeded before does not', [...three('x'), good('x', 1), good('y')], ['x']],
  [
    'one that succeeded in the same second proves it, whichever is listed first',
    [good('x', 12), ...three('x'), good('y')],
    [],
  ],
  ['the same in another order', [...three('x'), good('x', 12), good('y')], []],
  ['a Pod that runs proves another node', [...three('x'), at('y', 'd').running()], ['x']],
  ['no other node is known: nothing is avoided', three('x'), []],
  ['it fails everywhere: nothing is avoided', [...three('x'), ...three('y')], []],
  [
    'half of the nodes at most, the worst first',
    [...three('x'), ...three('z'), failing('z', 'd', 30), good('y')],
    ['z'],
  ],
  [
    'what was interrupted, evicted or lost counts neither way',
    [
      ...three('x'),
      failing('x', 'd', 20, 75),
      at('x', 'e').ended(143, { to: 21 }).disrupted(),
      at('x', 'f').lost('NodeLost'),
      good('y'),
    ],
    ['x'],
  ],
  [
    'what the network is to blame for is no trouble of the node',
    [
      ...three('x').slice(0, 2),
      at('x', 'c').ended(137, { to: 20, reason: 'OOMKilled' }),
      failing('x', 'd', 21, 64),
      at('x', 'e').ended(1, { to: 22, message: 'cuda out of MEMORY' }),
      good('y'),
    ],
    [],
  ],
  [
    'Pods that the kubelet turns away for want of a healthy device',
    ['a', 'b', 'c']
      .map((trial) => at('x', trial).lost('UnexpectedAdmissionError'))
      .concat(good('y')),
    ['x'],
  ],
  ['Pods without a node', [...three(''), good('y')], []],
])('%s', (_story, pods, expected) => {
  expect(names(pods)).toEqual(expected);
});

test('says how many failed, how, and until when it holds', () => {
  expect(avoided([...three('x'), good('y')])).toEqual([
    {
      node: 'x',
      untilMs: START_MS + 12_000 + HOUR,
      why: '3 Pods in a row failed there, the last with exit code 1',
    },
  ]);
});

test('is over an hour after the last failure, as was said', () => {
  const pods = [...three('x'), good('y')];
  expect(names(pods, START_MS + 11_999 + HOUR)).toEqual(['x']);
  expect(names(pods, START_MS + 12_000 + HOUR)).toEqual([]);
});

test('begins to count anew after an hour', () => {
  const pods = [...three('x'), failing('x', 'd', 12 + 3600), good('y')];
  expect(names(pods, START_MS + 3_700_000)).toEqual([]);
});

test('sixteen nodes at most, however many there are', () => {
  const many = Array.from({ length: 20 }, (_, i) => three(`x${i}`)).flat();
  const fine = Array.from({ length: 40 }, (_, i) => good(`y${i}`));
  expect(names([...many, ...fine])).toHaveLength(16);
});

describe('whatever the Pods', () => {
  const pod = fc
    .record({
      node: fc.constantFrom('p', 'q', 'r', 's'),
      trial: fc.constantFrom('a', 'b', 'c'),
      code: fc.constantFrom(0, 1, 2, 75, 137),
      to: fc.integer({ min: 1, max: 100 }),
    })
    .map(({ node, trial, code, to }) => failing(node, trial, to, code));

  test('half of the nodes at most are avoided, none that proved itself last, none for ever', () => {
    fc.assert(
      fc.property(fc.array(pod, { maxLength: 40 }), (pods) => {
        const nodes = new Set(pods.map(({ object }) => object.spec.nodeName));
        const found = names(pods);
        expect(found.length).toBeLessThanOrEqual(nodes.size / 2);
        expect(new Set(found).size).toBe(found.length);
        expect(names(pods, START_MS + 2 * HOUR)).toEqual([]);
        // A restart lists Pods in another order.
        expect(avoided(pods.toReversed())).toEqual(avoided(pods));
      }),
      { numRuns: 500 },
    );
  });
});
