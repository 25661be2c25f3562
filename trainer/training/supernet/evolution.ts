// BioNAS-EG in the training loop: alpha evolves in the session before an epoch's first step. It follows from seed, epoch and what a
// checkpoint holds, and which epochs it has behind it is kept there, so that a trainer that was killed does it neither twice nor never.
import type { Evolution, Supernet as SupernetSpec } from '../../../crds/index.ts';
import type { Tensor, Tensors } from '../../executors/index.ts';
import { CELL_KINDS, EDGES } from '../../network/index.ts';
import { Random } from '../../random.ts';
import { collected, otherHalfOf } from '../batches.ts';
import { numberOf } from '../evaluate.ts';
import { stepInputs } from '../step-inputs.ts';
import type { Course, TrainContext } from '../train-context.ts';
import { evolve, type Judge } from './evolve.ts';
import { type Rows, rowsOf } from './fitness.ts';
import { alphaName, candidateName, EVOLVED } from './supernet-program.ts';

export const evolving =
  (
    { warmupEpochs }: Pick<SupernetSpec, 'warmupEpochs'>,
    settings: Evolution,
  ): NonNullable<Course['begin']> =>
  async (context, epoch, beat) => {
    const { session, spec } = context;
    if (epoch < warmupEpochs) return;
    const read = await session.read([...CELL_KINDS.map(alphaName), EVOLVED]);
    if (numberOf(read, EVOLVED) > epoch) return;
    const random = Random.fromSeed(spec.seed).split(`evolution of epoch ${epoch}`);
    const batches = await inputsOf(context, { epoch, settings });
    const judge = judgeBy(context, batches, beat);
    const next = await evolve(rowsIn(read), { settings, epoch, random }, judge);
    if (next === undefined) return;
    const evolved = { dtype: 'float32', shape: [], data: Float32Array.of(epoch + 1) } as const;
    await session.write({ ...tensorsOf(next, alphaName), [EVOLVED]: evolved });
  };

export function rowsIn(read: Tensors): Rows {
  return CELL_KINDS.flatMap((kind) => {
    const { data = [], shape } = read[alphaName(kind)] ?? {};
    return rowsOf(data, shape?.[1] ?? 1);
  });
}

export function tensorsOf(rows: Rows, nameOf: typeof alphaName): Tensors {
  const tensor = (of: Rows): Tensor => ({
    dtype: 'float32',
    shape: [of.length, of[0]?.length ?? 0],
    data: Float32Array.from(of.flat()),
  });
  return Object.fromEntries(
    CELL_KINDS.map((kind, i) => [nameOf(kind), tensor(rows.slice(i * EDGES, (i + 1) * EDGES))]),
  );
}

/** The first batches of the epoch. */
async function inputsOf(
  context: TrainContext,
  { epoch, settings }: { readonly epoch: number; readonly settings: Evolution },
): Promise<Tensors[]> {
  const most = settings.literal ? 1 : settings.fitnessBatches;
  const batches = await collected(otherHalfOf(context.data).batches(epoch, 0), most);
  return batches.map((architecture, step) =>
    stepInputs(context, { epoch, step }, { ...architecture, architecture }, 'candidate'),
  );
}

/** The supernet as evaluation has it, under another alpha. */
const judgeBy =
  ({ session, signal, spec }: TrainContext, batches: readonly Tensors[], beat: () => void): Judge =>
  async (alpha) => {
    const sums = { loss: 0, correct: 0 };
    for (const inputs of batches) {
      if (signal.aborted) return undefined;
      const outputs = await session.run('candidate', {
        ...inputs,
        ...tensorsOf(alpha, candidateName),
      });
      sums.loss += numberOf(outputs, 'loss');
      sums.correct += numberOf(outputs, 'correct');
      beat();
    }
    const pictures = batches.length * spec.training.batchSize;
    return { loss: sums.loss / pictures, accuracy: sums.correct / pictures };
  };
