// Where a test's trial runs, and what came of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TrialResult } from '../../crds/index.ts';
import type { RunOutcome } from '../../trainer/training/index.ts';

/** Gone with the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-trial-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
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
