// What workers have learned from their parts of a batch becomes what the whole batch teaches: one sum over all of them a step, in
// front of clipping and the optimizer, so that variables stay the same everywhere. By equal parts, the mean of the parts' means is that
// of the batch. Batch norms normalise by their worker's part, as PyTorch's DistributedDataParallel does; their running statistics are
// the means of all parts'. Likewise the next weights of rules that are local.
import { clampScaled, type Place } from '../primitives/index.ts';
import {
  allReduce,
  concat,
  type Graph,
  reshape,
  scale,
  sizeOf,
  slice,
  type Value,
  type Worker,
} from '../program/index.ts';

/** The sum of each value over all workers, by one meeting of theirs. */
export function summed(g: Graph, values: readonly Value[], worker: Worker): Value[] {
  const flat = values.map((value) => reshape(g, value, [sizeOf(value.shape)]));
  const sums = allReduce(g, concat(g, flat, 0), worker);
  let from = 0;
  return values.map(({ shape }) => {
    const part = slice(g, sums, [from], [sizeOf(shape)]);
    from += sizeOf(shape);
    return reshape(g, part, shape);
  });
}

interface Outputs {
  /** [], the mean over the worker's part. */
  readonly loss: Value;
  /** [] */
  readonly correct: Value;
}

/**
 * Gradients and updates of the place, and what a step gives, as those of the whole batch. `stop` [] tells how many workers were asked to
 * end by their input of that name: they end after the same step.
 */
export function acrossWorkers(at: Place, { loss, correct }: Outputs): Record<string, Value> {
  const { g, worker, gradients, updates, bounded, largest } = at;
  if (worker.world === 1) return { loss, correct };
  return g.within('workers', () => {
    const kept = updates.flatMap((update) => (update.kind === 'assign' ? update : []));
    const means = [...gradients.values(), ...kept.map(({ value }) => value), loss];
    const parts = means.map((value) => scale(g, value, 1 / worker.world));
    const stop = g.input('stop', []);
    const whole = summed(g, [...parts, correct, stop], worker);
    const next = () => whole.shift() ?? g.refuse('a sum over workers is missing');
    for (const name of gradients.keys()) {
      const gradient = next();
      const bound = bounded.has(name) ? largest : undefined;
      gradients.set(name, bound === undefined ? gradient : clampScaled(at, gradient, bound));
    }
    updates.splice(0, updates.length, ...kept.map((update) => ({ ...update, value: next() })));
    return { loss: next(), correct: next(), stop: next() };
  });
}
