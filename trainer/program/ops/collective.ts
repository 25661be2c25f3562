// Values of all workers that train one network together, each with its own part of every batch.
import type { Worker } from '../../worker.ts';
import type { Graph } from '../graph.ts';
import type { Value } from '../values.ts';

/**
 * The sum of x over all workers, for each of them the same to the last bit. Workers meet here: each waits for all the others, so
 * all must run the entry. x itself where the worker is alone.
 */
export const allReduce = (g: Graph, x: Value, { world }: Worker): Value =>
  world === 1 ? x : g.emitOne('allReduce', [x], { world }, x.shape);
