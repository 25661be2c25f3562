// The figures of a case as a table, each beside what was aimed at.
import type { Figures } from './case.ts';

interface Target {
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Where left out: every case that has the figure. */
  readonly cases?: readonly string[];
}

const LATENCY = ['one', 'flight'];
const TARGETS: readonly Target[] = [
  { figure: 'nextTrialMs.p50', atMost: 30, cases: LATENCY },
  { figure: 'nextTrialMs.p99', atMost: 200, cases: LATENCY },
  { figure: 'trialsPerSecond', atLeast: 40, cases: ['throughput'] },
  { figure: 'fifths.lastToFirst', atMost: 1.1 },
  { figure: 'windows.lastToFirst', atMost: 1.1 },
  { figure: 'operatorWritesPerTrial', atMost: 5 },
  { figure: 'writesWhileRunning', atMost: 0 },
  { figure: 'operatorPercentOfACore', atMost: 1 },
  { figure: 'operatorPeakMegabytes', atMost: 400 },
  { figure: 'largestBytes.search', atMost: 65_536 },
  { figure: 'largestBytes.trial', atMost: 65_536 },
  { figure: 'largestBytes.pod', atMost: 65_536 },
  { figure: 'restart.firstNewTrialSeconds', atMost: 10 },
  { figure: 'restart.trialsTooMany', atMost: 0 },
];

export function printTable(name: string, figures: Figures): void {
  console.log(`\n${name}`);
  for (const [path, value] of flat(figures)) {
    const target = TARGETS.find(
      ({ figure, cases }) => figure === path && (cases?.includes(name) ?? true),
    );
    console.log(`  ${path.padEnd(44)}${shown(value).padStart(12)}  ${verdict(value, target)}`);
  }
}

function flat(figures: Figures, prefix = ''): (readonly [string, number | readonly number[]])[] {
  return Object.entries(figures).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    return typeof value === 'number' || isList(value)
      ? [[path, value] as const]
      : flat(value, `${path}.`);
  });
}

const isList = (value: Figures[string]): value is readonly number[] => Array.isArray(value);

const shown = (value: number | readonly number[]): string =>
  [value]
    .flat()
    .map((each) => Number(each.toFixed(2)).toLocaleString('en'))
    .join(' ');

function verdict(value: number | readonly number[], target: Target | undefined): string {
  if (target === undefined || typeof value !== 'number') return '';
  const { atMost, atLeast } = target;
  const holds = value <= (atMost ?? value) && value >= (atLeast ?? value);
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return holds ? `(${wanted})` : `MISSED: ${wanted}`;
}
