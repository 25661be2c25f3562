// What a path is worth with the weights that it inherits: the statistics of its batch norms are taken anew from batches of the first
// half (SPOS, Guo et al. 2020, section 3.4), and pictures that trained nothing score it.
import { collected } from '../../batches.ts';
import { evaluate, type Score } from '../../evaluate.ts';
import type { Batch } from '../../ports.ts';
import { stepInputs } from '../../step-inputs.ts';
import type { TrainContext } from '../../train-context.ts';
import { type Genes, pathOf } from './genes.ts';
import { pathInputs } from './program.ts';

/** Batches of the first half, as a step would have them. */
export const calibrationBatches = (
  { data }: Pick<TrainContext, 'data'>,
  count: number,
): Promise<Batch[]> => collected(data.training(0, 0), count);

export interface Judging {
  readonly calibration: readonly Batch[];
  /** Of the size of an evaluation. */
  readonly pictures: () => AsyncIterable<Batch>;
}

/** Undefined where the signal came before the last batch. */
export async function judgePath(
  context: TrainContext,
  genes: Genes,
  { calibration, pictures }: Judging,
): Promise<Score | undefined> {
  const { session, signal } = context;
  const inputs = pathInputs(pathOf(genes));
  for (const [step, batch] of calibration.entries()) {
    if (signal.aborted) return undefined;
    const share = { dtype: 'float32', shape: [], data: Float32Array.of(1 / (step + 1)) } as const;
    const own = stepInputs(context, { epoch: 0, step }, batch, 'calibrate');
    await session.run('calibrate', { ...own, ...inputs, newestShare: share });
  }
  return evaluate({ ...context, data: { evaluation: pictures }, inputs });
}

export async function* inTurn(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}
