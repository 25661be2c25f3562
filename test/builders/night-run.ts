// `runs/night` as a run leaves it: five search trials (one failed after two attempts, one under way) and the winner's training anew.
import { join } from 'node:path';
import { type Left, leaveRunDirectory, makeFolder } from './run-directory.ts';
import {
  condition,
  makeFailedRecord,
  makeFinalRecord,
  makeRecord,
  makeRunningTrial,
  makeSearch,
  rankedOf,
} from './search-result.ts';

export const night = (left: Partial<Left> = {}): Left => ({
  search: makeSearch({
    phase: 'Finalizing',
    conditions: [condition('Ready', 'Finalizing', 'the winner is trained anew')],
    trials: { proposed: 5, running: 1, succeeded: 3, failed: 1 },
    best: [rankedOf(makeRecord(2)), rankedOf(makeRecord(1))],
    final: [{ ...rankedOf(makeFinalRecord(5)), testAccuracy: 0.9066 }],
    deviceSeconds: 100,
  }),
  records: [
    makeRecord(0),
    makeRecord(2, { parent: 0, variation: 'edge 1: c3:FA to c3:uSF' }),
    makeRecord(1, { parent: 0, variation: 'edge 0: none to c1:BP' }),
    { ...makeFailedRecord(3, 'CUDA error:\n  out of memory'), parent: 2 },
    { ...makeFinalRecord(5), trial: 'uid-5', index: 5, parent: 2 },
  ],
  trials: [makeRunningTrial(4)],
  ...left,
});

/** Gives the folder that has runs/night in it. */
export async function leaveNight(left: Partial<Left> = {}): Promise<string> {
  const folder = await makeFolder();
  await leaveRunDirectory(join(folder, 'runs', 'night'), night(left));
  return folder;
}
