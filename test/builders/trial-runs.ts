// Where a test's trial runs, and what came of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TrialResult, TrialSpec } from '../../crds/index.ts';
import type { Executor } from '../../trainer/executors/index.ts';
import { type RunOutcome, runTrial } from '../../trainer/training/index.ts';
import { makePorts, watched } from './training.ts';

/** Gone with the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-trial-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

const TICK_MS = 400;

/** Runs a trial, stopped before a run of its session; what the session ran, and after which of them it was heard of. */
export async function runWatched(
  directory: string,
  { spec, executor, stopBefore }: { spec: TrialSpec; executor: Executor; stopBefore?: number },
) {
  const stop = new AbortController();
  const { executor: seen, runs } = watched(executor, (k) => k === stopBefore && stop.abort());
  const heardAfter: (string | undefined)[] = [];
  const listener = { progress: () => void heardAfter.push(runs.at(-1)), epoch: () => {} };
  let ticks = 0;
  const clock = { now: () => TICK_MS * ++ticks };
  const ports = makePorts(directory, seen, { threads: 1, signal: stop.signal, listener, clock });
  return { outcome: await runTrial(spec, ports), runs, heardAfter };
}

export function resultOf(outcome: RunOutcome): TrialResult {
  if (outcome.kind !== 'result') throw new Error('no result');
  return outcome.result;
}

/** What two runs of a supernet have in common, however fast they were. */
export const withoutTime = ({ metrics, epochs, supernet }: TrialResult) => ({
  metrics: { ...metrics, picturesPerSecond: 0, seconds: 0 },
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0, picturesPerSecond: 0 })),
  supernet,
});
