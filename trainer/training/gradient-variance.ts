// How much a layer's gradient differs from batch to batch: tr Cov(g) / |mean g|^2 over fixed batches (paper.md 1.5). Gradients are by
// the learning rules, before clipping and decay; the batches and their draws are those of the first steps, whenever it is asked.
import type { Tensors } from '../executors/index.ts';
import { stepInputs } from './step-inputs.ts';
import { nobody } from './team.ts';
import type { TrainContext } from './train-context.ts';

/** Or as many as an epoch has. */
const BATCHES = 20;
/** Of the training, and its beginning. */
const MOMENTS = [0.1, 0.5, 1];

/** Whether to look after so many epochs of the whole training. */
export const isVarianceDue = (epoch: number, epochs: number): boolean =>
  epoch === 0 || MOMENTS.some((share) => Math.max(1, Math.round(share * epochs)) === epoch);

interface Sums {
  readonly sum: Float64Array;
  /** Of |g|^2. */
  squares: number;
}

/** By layer; none for one whose mean gradient is zero or no number. Empty where the trainer is asked to end. */
export async function gradientVariances(
  context: Pick<TrainContext, 'spec' | 'data' | 'task' | 'program' | 'session' | 'signal'> &
    Partial<Pick<TrainContext, 'team'>>,
): Promise<Record<string, { readonly gradientVariance?: number }>> {
  const { data, session, signal, team = nobody } = context;
  const sums = new Map<string, Sums>();
  let count = 0;
  for await (const batch of data.training(0, 0, team.worker)) {
    if (signal.aborted) return {};
    const inputs = stepInputs(context, { epoch: 0, step: count }, batch, 'gradients');
    addTo(sums, await session.run('gradients', inputs));
    count += 1;
    if (count === BATCHES) break;
  }
  return Object.fromEntries([...sums].map(([layer, each]) => [layer, varianceOf(each, count)]));
}

function addTo(sums: Map<string, Sums>, gradients: Tensors): void {
  for (const [layer, { data }] of Object.entries(gradients)) {
    const known = sums.get(layer) ?? { sum: new Float64Array(data.length), squares: 0 };
    for (let i = 0; i < data.length; i += 1) {
      const g = data[i] ?? 0;
      known.sum[i] = (known.sum[i] ?? 0) + g;
      known.squares += g * g;
    }
    sums.set(layer, known);
  }
}

/** tr Cov = (sum |g|^2 - n |mean|^2) / (n - 1) */
function varianceOf({ sum, squares }: Sums, n: number): { readonly gradientVariance?: number } {
  const mean = sum.reduce((total, each) => total + (each / n) ** 2, 0);
  const trace = Math.max(0, squares - n * mean) / (n - 1);
  const ratio = trace / mean;
  return Number.isFinite(ratio) ? { gradientVariance: ratio } : {};
}
