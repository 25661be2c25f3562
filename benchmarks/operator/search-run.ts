// One search from its manifest to its last result, with the use of CPU and memory on the way.
import { searchManifest } from '../../test/cluster/search/search-room.ts';
import type { Times } from './driver-process.ts';
import { memoryOf, type Usage, type Used, usedBetween } from './processes.ts';
import type { Room } from './room.ts';
import { costPer, perSecond, round } from './statistics.ts';

export interface SearchPlan {
  readonly trials: number;
  readonly parallelism: number;
  /** Results to wait for, where that is not all of them. */
  readonly results?: number;
  /** Fields of the spec that replace ours. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** How things stood at a number of results. */
interface Sample {
  readonly results: number;
  readonly usage: Usage;
  readonly operatorMegabytes: number;
}

export interface SearchRun {
  readonly times: Times;
  readonly samples: readonly Sample[];
  readonly used: Used;
  readonly peakMegabytes: number;
}

const SAMPLES = 100;
const LINES = 10;
const SPEC = { algorithm: { name: 'regularized-evolution' } };

export async function applySearch(room: Room, name: string, plan: SearchPlan): Promise<void> {
  const { trials, parallelism, spec } = plan;
  const manifest = searchManifest({ name, trials, parallelism, spec: { ...SPEC, ...spec } });
  await room.plane.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

/** Applies a search and waits for its results. */
export async function runSearch(room: Room, plan: SearchPlan): Promise<SearchRun> {
  const { driver } = room;
  const { trials } = plan;
  const wanted = plan.results ?? trials;
  const { pid } = room.operator;
  const samples = [sample(room, 0)];
  await applySearch(room, 'bench', plan);
  for (let part = 1; part <= SAMPLES; part += 1) {
    await driver.until('result', Math.ceil((wanted * part) / SAMPLES));
    samples.push(sample(room, driver.count('result')));
    if (part % (SAMPLES / LINES) === 0) sayHowFar(samples, wanted);
  }
  if (wanted === trials) await driver.until('end', 1);
  samples.push(sample(room, driver.count('result')));
  const used = usedBetween(first(samples).usage, last(samples).usage);
  const { times } = driver;
  return { times, samples, used, peakMegabytes: memoryOf(pid).peakMegabytes };
}

function sample(room: Room, results: number): Sample {
  const { nowMegabytes } = memoryOf(room.operator.pid);
  return { results, usage: room.usage(), operatorMegabytes: nowMegabytes };
}

const first = <T>(list: readonly T[]): T => list[0] as T;
const last = <T>(list: readonly T[]): T => list.at(-1) as T;

function sayHowFar(samples: readonly Sample[], wanted: number): void {
  const now = last(samples);
  const before = samples.at(-1 - SAMPLES / LINES) ?? first(samples);
  const rate = ((now.results - before.results) * 1000) / (now.usage.at - before.usage.at);
  const memory = now.operatorMegabytes.toFixed(0);
  console.log(`  ${now.results} of ${wanted} results, ${rate.toFixed(1)}/s, operator ${memory} MB`);
}

/** Rate and cost of a part of a run, from one number of results to another. */
function between(samples: readonly Sample[], from: number, to: number) {
  const begin = samples.findLast(({ results }) => results <= from) ?? first(samples);
  const end = samples.find(({ results }) => results >= to) ?? last(samples);
  const { of, seconds } = usedBetween(begin.usage, end.usage);
  const results = end.results - begin.results;
  return {
    perSecond: round(results / seconds, 1),
    operatorCpuMs: round(((of['operator'] ?? 0) * 1000) / results, 2),
  };
}

/** Windows of `size` results, at the beginning and at the end. */
export function firstAndLast({ samples }: SearchRun, size: number) {
  const total = last(samples).results;
  const [begin, end] = [between(samples, 0, size), between(samples, total - size, total)];
  return {
    first: begin,
    last: end,
    lastToFirst: round(end.operatorCpuMs / begin.operatorCpuMs, 2),
  };
}

/** Operator's CPU-ms per trial, fifth by fifth. */
export function costByFifths({ samples }: SearchRun): number[] {
  const total = last(samples).results;
  return [0, 1, 2, 3, 4].map(
    (fifth) => between(samples, (total * fifth) / 5, (total * (fifth + 1)) / 5).operatorCpuMs,
  );
}

/** CPU-ms per trial by process, first proposal to last result and the status that says so. */
export const costOf = ({ used, times }: SearchRun): Readonly<Record<string, number>> =>
  costPer(times.result.length, used.of);

/** Results a second, from the first Trial on. */
export const rateOf = ({ times }: SearchRun): number =>
  perSecond([times.trial[0] ?? 0, ...times.result]);
