// Values of all workers that train one network together, each with its own part of every batch.
import type { Graph } from '../graph.ts';
import type { Value } from '../values.ts';

/** A worker's place among those that train together. */
export interface Worker {
  /** From 0. */
  readonly rank: number;
  /** Workers in all. */
  readonly world: number;
}

/** One process that trains by itself. */
export const ALONE: Worker = { rank: 0, world: 1 };

/**
 * The sum of x over all workers, for each of them the same to the last bit. Workers meet here: each waits for all the others, so
 * all must run the entry. x itself where the worker is alone.
 */
export const allReduce = (g: Graph, x: Value, { world }: Worker): Value =>
  world === 1 ? x : g.emitOne('allReduce', [x], { world }, x.shape);
