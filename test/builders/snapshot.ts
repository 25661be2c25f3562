// What a watcher sees of a search, for the tests of views.
import type { RunningTrial, Snapshot } from '../../cli/run/snapshot.ts';
import { CELLS } from './search-result.ts';

export const makeRunning = (overrides: Partial<RunningTrial> = {}): RunningTrial => ({
  name: 'night-0003',
  index: 3,
  purpose: 'Search',
  genotype: CELLS[0],
  state: 'running',
  attempt: 0,
  progress: {
    epoch: 1,
    epochs: 4,
    step: 50,
    steps: 100,
    loss: 0.61234,
    accuracy: 0.7812,
    picturesPerSecond: 1047,
  },
  seconds: 12,
  ...overrides,
});

export const makeSnapshot = (overrides: Partial<Snapshot> = {}): Snapshot => ({
  search: 'night',
  about: 'random over nb201 on fashion-mnist',
  phase: 'Searching',
  message: '',
  objectives: [{ metric: 'accuracy', goal: 'maximize' }],
  trials: { proposed: 5, succeeded: 2, infeasible: 0, failed: 1, paused: 0, budget: 12 },
  running: [makeRunning(), makeWaiting(4)],
  best: [
    { trial: 'night-0001', index: 1, genotype: CELLS[1], objectives: [0.7312], parameters: 36_626 },
    { trial: 'night-0000', index: 0, genotype: CELLS[0], objectives: [0.7], parameters: 68_882 },
  ],
  final: [],
  rungs: [],
  elapsedSeconds: 139,
  deviceSeconds: 242,
  remainingSeconds: 41,
  ...overrides,
});

/** Rungs of a search with ASHA, seven of whose trials wait. */
export const makeRungs = (): Pick<Snapshot, 'rungs' | 'trials'> => ({
  trials: { proposed: 9, succeeded: 0, infeasible: 0, failed: 0, paused: 7, budget: 12 },
  rungs: [
    { epochs: 1, trials: 8, promoted: 2, best: 0.7312 },
    { epochs: 3, trials: 1, promoted: 0 },
  ],
});

export function makeWaiting(index: number): RunningTrial {
  const { progress: _, ...trial } = makeRunning({ index, state: 'waiting' });
  return trial;
}
