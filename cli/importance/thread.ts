// The thread that grows forests: it is given samples, tells their shares, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type Sample, variancesAlone } from './fanova.ts';

export interface Forests {
  readonly samples: readonly Sample[];
  readonly seed: number;
}

const { samples, seed } = workerData as Forests;
parentPort?.postMessage(samples.map((sample) => variancesAlone(sample, seed)));
