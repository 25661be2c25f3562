// What the training loop asks of the world: pictures, a clock, a place for files, someone to report to.
import type { EpochMetrics, Progress } from '../../crds/index.ts';
import type { Worker } from '../program/index.ts';

export interface Batch {
  /** [B,H,W,C] */
  readonly pictures: Uint8Array;
  /** [B,H,W,1], 0 in the holes of cutout */
  readonly keep?: Uint8Array;
  /** [B]; -1 where the batch is padded */
  readonly labels: Int32Array;
  /** Of a supernet: pictures of the other half, by which alpha takes its step. */
  readonly architecture?: Batch;
}

export interface OtherHalf {
  /** As those of training. */
  batches(epoch: number, from: number): AsyncIterable<Batch>;
  /** The first so many as they are, in batches as those of an evaluation. */
  asTheyAre(pictures: number): AsyncIterable<Batch>;
}

export interface TrainingData {
  readonly stepsPerEpoch: number;
  /** Batches of `epoch` (0-based) from step `from` on; the same ones whenever it is asked. `part`: of each, what one of several workers trains by. */
  training(epoch: number, from: number, part?: Worker): AsyncIterable<Batch>;
  /** Of a supernet: the pictures that decide on its architecture. */
  readonly otherHalf?: OtherHalf;
  /** Pictures that score the network: held-out ones, or the test pictures of a final trial. Every batch of full size, padded with label -1. `part`: those that one of several workers scores; default: all. */
  evaluation(part?: Worker): AsyncIterable<Batch>;
}

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
}

/** Told while training goes on; must not throw. */
export interface Listener {
  progress(progress: Progress): void;
  epoch(metrics: EpochMetrics, progress: Progress): void;
}
