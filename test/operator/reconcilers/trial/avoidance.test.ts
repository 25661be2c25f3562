// A Pod that stays away from nodes: by an affinity beside its own, and not for longer than it must.
import { describe, expect, test } from 'vitest';
import { keptFrom, waitsInVain } from '../../../../operator/reconcilers/trial/avoidance.ts';
import type { AvoidedNode } from '../../../../operator/reconcilers/trial/index.ts';
import { at, makePod, makeTrial, START_MS } from '../../../builders/objects.ts';
import { reconcile, World } from '../world.ts';
import { worldOf } from './trial-world.ts';

const avoiding = (...nodes: string[]): AvoidedNode[] =>
  nodes.map((node) => ({ node, untilMs: START_MS, why: 'of trouble' }));
const elsewhere = (...nodes: string[]) => ({
  matchFields: nodes.map((node) => ({ key: 'metadata.name', operator: 'NotIn', values: [node] })),
});
const placed = (affinity?: unknown) => ({
  metadata: { annotations: { note: 'mine' } },
  spec: { containers: [], ...(affinity === undefined ? {} : { affinity }) },
});
const required = (...nodeSelectorTerms: unknown[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
});

test('a Pod that avoids nothing is as it was', () => {
  const pod = placed({ podAffinity: {} });
  expect(keptFrom(pod, [])).toBe(pod);
});

const zone = { key: 'zone', operator: 'In', values: ['a'] };
const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] };

test.each([
  ['none', undefined, { nodeAffinity: required(elsewhere('x', 'y')) }],
  [
    'one between Pods',
    { podAntiAffinity: { a: 1 } },
    {
      podAntiAffinity: { a: 1 },
      nodeAffinity: required(elsewhere('x', 'y')),
    },
  ],
  [
    'alternatives: each of them',
    {
      nodeAffinity: {
        ...preferred,
        ...required({ matchExpressions: [zone] }, { matchFields: [{ f: 1 }] }),
      },
    },
    {
      nodeAffinity: {
        ...preferred,
        ...required(
          { matchExpressions: [zone], ...elsewhere('x', 'y') },
          { matchFields: [{ f: 1 }, ...elsewhere('x', 'y').matchFields] },
        ),
      },
    },
  ],
])('beside an affinity of its own: %s', (_what, own, expected) => {
  const { metadata, spec } = keptFrom(placed(own), avoiding('x', 'y'));
  expect(spec).toEqual({ containers: [], affinity: expected });
  expect(metadata.annotations).toEqual({ note: 'mine', 'bionas.dev/avoids-nodes': 'x y' });
});

describe('a Pod that waits for a node', () => {
  const noting = (nodes: string, reason: string, nodeName?: string) => {
    const { object } = makePod();
    const metadata = { ...object.metadata, annotations: { 'bionas.dev/avoids-nodes': nodes } };
    const conditions = [{ type: 'PodScheduled', status: 'False', reason }];
    const spec = nodeName === undefined ? object.spec : { ...object.spec, nodeName };
    return { ...object, metadata, spec, status: { ...object.status, conditions } };
  };

  test.each([
    ['avoids what is still avoided', noting('x', 'Unschedulable'), ['x'], false],
    ['avoids less than it would now', noting('x', 'Unschedulable'), ['x', 'y'], false],
    ['avoids what is no longer', noting('x y', 'Unschedulable'), ['x'], true],
    ['is gated: its place in a queue is worth more', noting('x', 'SchedulingGated'), [], false],
    ['has found one', noting('x', 'Unschedulable', 'y'), [], false],
    ['never avoided any', makePod().object, [], false],
  ])('%s', (_story, pod, nodes, expected) => {
    expect(waitsInVain(pod, avoiding(...nodes))).toBe(expected);
  });

  test('is made anew under its name, which is no other attempt, once it waits in vain', async () => {
    const world = worldOf({ pod: { object: noting('x', 'Unschedulable') } as never });
    await world.reconcile();
    await world.reconcile();
    expect(world.calls).toEqual(['delete Pod night-0-0', 'create Pod night-0-0']);
    expect(world.pods.objects.get('default/night-0-0')?.metadata.annotations).not.toHaveProperty(
      'bionas.dev/avoids-nodes',
    );
  });
});

describe('a search with a node in trouble', () => {
  const pods = (world: World) => {
    const failed = ['a', 'b', 'c'].map((uid) => makePod(0, uid).on('bad').named(uid).ended(1));
    for (const pod of [...failed, makePod(0, 'd').on('good').named('d').ended(0)])
      world.pods.put(pod);
  };

  test('has its next Pods elsewhere', async () => {
    const world = worldOf();
    pods(world);
    await world.reconcile();
    expect(world.pods.objects.get('default/night-0-0')?.spec).toMatchObject({
      affinity: { nodeAffinity: required(elsewhere('bad')) },
    });
  });

  test('looks again when a Pod that waits may go anywhere', async () => {
    const world = worldOf();
    pods(world);
    await world.reconcile();
    const waiting = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' };
    const conditions = [{ ...waiting, lastTransitionTime: at(0) }];
    world.change(world.pods, 'night-0-0', { status: { phase: 'Pending', conditions } });
    await world.clock.advance(20_000);
    await world.reconcile();
    expect(await world.reconcile()).toEqual({ requeueAfter: 3_600_000 + 10_000 - 20_000 });
    await world.clock.advance(3_590_000);
    await world.reconcile();
    expect(world.calls.at(-1)).toBe('delete Pod night-0-0');
  });

  test('is another one than the next', async () => {
    const world = new World();
    const { object } = makeTrial({ search: 'day' });
    world.trials.put({ object });
    pods(world);
    await reconcile(world.trialReconciler(), 'night-0');
    expect(world.pods.objects.get('default/night-0-0')?.spec).not.toHaveProperty('affinity');
  });
});
