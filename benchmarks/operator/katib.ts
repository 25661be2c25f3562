// Katib, measured by us on the same kind of machine in the same way, and ours beside it. Of its runs the best one counts.
import type { Figures } from './case.ts';

export const KATIB = {
  what:
    'Katib v0.19.0 on etcd 3.7.0, Kubernetes 1.37.2 and kwok 0.8.0, 2 cores for everything; random search, bare Pods instead ' +
    'of its default Jobs (flight: Jobs, 10 in flight), push collector, no webhooks, everything on the loopback',
  one: { nextTrialP50Ms: 122, nextTrialP99Ms: 221, trialsPerSecond: 4.8, cpuMsPerTrial: 390 },
  flight: { nextTrialP50Ms: 1_419, nextTrialP99Ms: 2_050, statusWritesPerSecond: 19 },
  /** 500 trials of 4 genes. */
  throughput: { trialsPerSecond: 5.5, cpuMsPerTrial: 350, controllerCpuMs: 90 },
  writes: { operatorWritesPerTrial: 18.3 },
  /** 1,000 trials of 20 genes: the largest object; it ends at 542 trials of 60 genes. */
  size: { largestBytes: 996_409, controllerMegabytes: 160 },
} as const;

interface Comparison {
  readonly name: string;
  readonly case: string;
  /** Path of ours. */
  readonly figure: string;
  readonly katib: number;
  readonly moreIsBetter?: boolean;
}

const COMPARISONS: readonly Comparison[] = [
  {
    name: 'one at a time: result to next Trial, p50',
    case: 'one',
    figure: 'nextTrialMs.p50',
    katib: KATIB.one.nextTrialP50Ms,
  },
  {
    name: 'one at a time: result to next Trial, p99',
    case: 'one',
    figure: 'nextTrialMs.p99',
    katib: KATIB.one.nextTrialP99Ms,
  },
  {
    name: 'one at a time: seconds a trial',
    case: 'one',
    figure: 'trialsPerSecond',
    katib: KATIB.one.trialsPerSecond,
    moreIsBetter: true,
  },
  {
    name: 'one at a time: CPU a trial, whole machine',
    case: 'one',
    figure: 'cpuMsPerTrial.all',
    katib: KATIB.one.cpuMsPerTrial,
  },
  {
    name: '5 s trials, 50 in flight (Katib 10): result to next Trial, p50',
    case: 'flight',
    figure: 'nextTrialMs.p50',
    katib: KATIB.flight.nextTrialP50Ms,
  },
  {
    name: '5 s trials, 50 in flight (Katib 10): result to next Trial, p99',
    case: 'flight',
    figure: 'nextTrialMs.p99',
    katib: KATIB.flight.nextTrialP99Ms,
  },
  {
    name: '100 in flight: seconds a trial',
    case: 'throughput',
    figure: 'trialsPerSecond',
    katib: KATIB.throughput.trialsPerSecond,
    moreIsBetter: true,
  },
  {
    name: '100 in flight: CPU a trial, whole machine',
    case: 'throughput',
    figure: 'cpuMsPerTrial.all',
    katib: KATIB.throughput.cpuMsPerTrial,
  },
  {
    name: '100 in flight: CPU a trial, operator',
    case: 'throughput',
    figure: 'cpuMsPerTrial.operator',
    katib: KATIB.throughput.controllerCpuMs,
  },
  {
    name: 'writes a trial by the operator',
    case: 'writes',
    figure: 'operatorWritesPerTrial',
    katib: KATIB.writes.operatorWritesPerTrial,
  },
  {
    name: 'largest object (Katib at 1,000 trials)',
    case: 'throughput',
    figure: 'largestBytes.search',
    katib: KATIB.size.largestBytes,
  },
  {
    name: 'memory of the operator (Katib at 1,000 trials)',
    case: 'throughput',
    figure: 'operatorPeakMegabytes',
    katib: KATIB.size.controllerMegabytes,
  },
];

/** Ours / Katib's of what was measured: below 1 is better. */
export function ratiosOf(cases: Readonly<Record<string, Figures>>): Record<string, number> {
  const ratios = COMPARISONS.flatMap(({ name, figure, katib, moreIsBetter, ...of }) => {
    const ours = figureAt(cases[of.case], figure);
    if (ours === undefined) return [];
    return [[name, Number((moreIsBetter ? katib / ours : ours / katib).toPrecision(3))] as const];
  });
  return Object.fromEntries(ratios);
}

/** By a path such as `nextTrialMs.p50`. */
export function figureAt(figures: Figures | undefined, path: string): number | undefined {
  let value: Figures[string] | undefined = figures;
  for (const name of path.split('.'))
    value = typeof value === 'object' ? (value as Figures)[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}
