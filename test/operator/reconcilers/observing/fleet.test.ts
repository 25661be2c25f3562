import { expect, test } from 'vitest';
import type { Pod } from '../../../../operator/reconcilers/index.ts';
import { createFleetGauges } from '../../../../operator/reconcilers/observing/index.ts';
import { type Live, noMetrics } from '../../../../operator/runtime/index.ts';
import { makePod, makeSearch, makeTrial, START_MS } from '../../../builders/objects.ts';

type Input = Parameters<ReturnType<typeof createFleetGauges>>[0];

/** What is set, by name and labels, over any number of calls. */
function gauges() {
  const set = new Map<string, number>();
  const gauge = (name: string, value: number, labels = {}) =>
    void set.set([name, ...Object.values(labels)].join(' '), value);
  const measure = createFleetGauges({ ...noMetrics, gauge });
  return (input: Partial<Input>, seconds = 0) => {
    const nowMs = START_MS + seconds * 1000;
    measure({ searches: [], trials: [], pods: [], heard: () => nowMs, nowMs, ...input });
    return set;
  };
}

const inPhase = (phase: string) => {
  const search = makeSearch();
  return { ...search, status: { ...search.status, phase } } as Input['searches'][number];
};

/** On a node, with so many GPUs. */
const holding = (pod: Live<Pod>, gpus: number): Live<Pod> => ({
  ...pod,
  spec: {
    ...pod.spec,
    nodeName: 'node',
    containers: [{ name: 'trainer', resources: { limits: { 'nvidia.com/gpu': String(gpus) } } }],
  },
});

test('trials are counted by what they do and why', () => {
  const trials = [
    makeTrial(),
    makeTrial().running(),
    makeTrial().running(),
    makeTrial().running().succeeded(),
  ].map(({ object }) => object);
  const set = gauges()({ trials });
  expect(set.get('trials Waiting Pending')).toBe(1);
  expect(set.get('trials Running Training')).toBe(2);
  expect(set.get('trials Succeeded Trained')).toBe(1);
});

test('reasons that somebody else wrote are one', () => {
  const { object } = makeTrial().running();
  const trials = ['Evil1', 'Evil2'].map((reason) => ({
    ...object,
    status: { ...object.status, conditions: [{ ...object.status?.conditions[0], reason }] },
  }));
  const set = gauges()({ trials: trials as unknown as Input['trials'] });
  expect(set.get('trials Running Other')).toBe(2);
});

test('what there is no more of falls to 0, and does not stay', () => {
  const measure = gauges();
  measure({ trials: [makeTrial().running().object] });
  expect(measure({ trials: [] }).get('trials Running Training')).toBe(0);
});

test('searches are counted by phase, and are idle while none of their Pods runs', () => {
  const measure = gauges();
  const searches = [inPhase('Searching')];
  expect(measure({ searches }).get('searches_idle')).toBe(1);
  expect(measure({ searches }).get('searches Searching')).toBe(1);
  const running = { searches, trials: [makeTrial().running().object] };
  expect(measure(running).get('searches_idle')).toBe(0);
  expect(measure({ searches: [inPhase('Suspended')] }).get('searches_idle')).toBe(0);
  expect(measure({ searches: [] }).get('searches Searching')).toBe(0);
});

test('the longest wait is that of a trial that somebody expects to run', () => {
  const measure = gauges();
  const wait = (trials: Input['trials']) =>
    measure({ trials }, 100).get('trials_longest_wait_seconds');
  expect(wait([makeTrial().object])).toBe(100);
  expect(wait([makeTrial().running(90).object])).toBe(0);
  expect(wait([makeTrial().running().succeeded().object])).toBe(0);
  const [waiting] = [makeTrial().waiting().object];
  const queued = waiting?.status?.conditions.map((each) => ({ ...each, reason: 'Queued' }));
  expect(wait([{ ...waiting, status: { ...waiting?.status, conditions: queued } } as never])).toBe(
    0,
  );
});

test('devices are held from the node on, and train while their trainer is heard', () => {
  const measure = gauges();
  const devices = (pod: Live<Pod>, silentSeconds = 0) => {
    const heard = () => START_MS - silentSeconds * 1000;
    const set = measure({ pods: [pod], heard });
    return ['held accelerator', 'training accelerator'].map((name) => set.get(`devices_${name}`));
  };
  expect(devices(makePod().object)).toEqual([0, 0]);
  expect(devices(holding(makePod().object, 2))).toEqual([2, 0]);
  expect(devices(holding(makePod().running().object, 2))).toEqual([2, 2]);
  expect(devices(holding(makePod().running().object, 2), 61)).toEqual([2, 0]);
  expect(devices(holding(makePod().ended(0).object, 2))).toEqual([0, 0]);
});

test('trainers that share a device hold a part of it each', () => {
  const pods = [0, 1].map((attempt) => holding(makePod(attempt).running().object, 1));
  const trials = [makeTrial({ sharing: { perDevice: 4 } }).object];
  const set = gauges()({ pods, trials });
  expect(set.get('devices_held accelerator')).toBe(0.5);
});

test('a Pod without accelerators holds one CPU', () => {
  const pod = holding(makePod().running().object, 0);
  const set = gauges()({ pods: [pod] });
  expect([set.get('devices_held cpu'), set.get('devices_held accelerator')]).toEqual([1, 0]);
});
