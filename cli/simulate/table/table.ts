// What a search can be run on without training anything: how each network of some space trains. Every form of file is read into this.
import type { SearchSpace } from '../../../crds/index.ts';

/** Accuracies on held-out pictures after each epoch of a whole training, in [0, 1]; 0 from where it diverged. */
export type Curve = readonly number[];

export interface TableNetwork {
  /** What searches see. */
  readonly curve: Curve;
  /** Under further seeds: how far it is chance. */
  readonly again: readonly Curve[];
  /** Trained numbers. */
  readonly parameters: number;
  /** Multiply-accumulates of one picture forward. */
  readonly macs: number;
  /** Absent where nobody measured. */
  readonly epochSeconds?: number;
}

export interface SearchTable {
  readonly file: string;
  /** By canonical text. */
  readonly networks: ReadonlyMap<string, TableNetwork>;
  /** Of every curve. */
  readonly epochs: number;
  /** That the networks are of, and the pictures they were trained on; absent where the file does not say. */
  readonly space?: SearchSpace;
  readonly dataset?: string;
  /** What of the file is not in the table, and why. */
  readonly notes: readonly string[];
}

/** A file that is no table, or a damaged one. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly exitCode = 2;
}

export const lastOf = (curve: Curve): number => curve.at(-1) ?? 0;
