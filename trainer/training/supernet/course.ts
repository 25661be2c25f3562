// What a supernet adds to the loop: epochs that only warm up, what alpha stands for after each, and an end before it collapses.
import {
  type Derived,
  type EpochMetrics,
  printGenotype,
  type Supernet as SupernetSpec,
} from '../../../crds/index.ts';
import type { Session } from '../../executors/index.ts';
import {
  CELL_KINDS,
  deriveGenotype,
  entropyOf,
  type SupernetCandidate,
  skipsOf,
} from '../../network/index.ts';
import { Random } from '../../random.ts';
import { collected, otherHalfOf } from '../batches.ts';
import { stepInputs } from '../step-inputs.ts';
import type { Course, TrainContext } from '../train-context.ts';
import { dominantEigenvalue, EIGENVALUE_WINDOW, hasSharpened, type Vector } from './eigenvalue.ts';
import { evolving, rowsIn, tensorsOf } from './evolution.ts';
import { rowsOf } from './fitness.ts';
import { REST } from './method.ts';
import { alphaName, candidateName } from './supernet-program.ts';

export async function derived(
  session: Session,
  candidates: readonly SupernetCandidate[],
): Promise<Derived> {
  const names = { normal: alphaName('normal'), reduce: alphaName('reduce') };
  const read = await session.read(Object.values(names));
  const alphas = {
    normal: read[names.normal]?.data ?? [],
    reduce: read[names.reduce]?.data ?? [],
  };
  const genotype = deriveGenotype(alphas, { candidates, rest: REST });
  return {
    genotype: printGenotype(genotype),
    entropy: entropyOf(alphas, candidates.length),
    skips: skipsOf(genotype),
  };
}

export const supernetCourse = (
  settings: SupernetSpec,
  session: Session,
  candidates: readonly SupernetCandidate[],
): Course => ({
  ...(settings.evolution === undefined ? {} : { begin: evolving(settings, settings.evolution) }),
  entryAt: (epoch) =>
    settings.evolution === undefined && epoch < settings.warmupEpochs ? 'warmup' : 'train',
  look: async (context) => {
    const found = await derived(session, candidates);
    if (settings.eigenvalueSteps === 0) return { derived: found };
    const eigenvalue = await eigenvalueOf(context, settings.eigenvalueSteps);
    if (eigenvalue === undefined) return undefined;
    return { derived: Number.isFinite(eigenvalue) ? { ...found, eigenvalue } : found };
  },
  hasEnded: (history) => epochsBack(history, settings) > 0,
});

/** On the first batch of the second half, the same one after each epoch. Undefined where the trainer is asked to end. */
async function eigenvalueOf(context: TrainContext, steps: number): Promise<number | undefined> {
  const { session, signal, spec, data } = context;
  const [architecture] = await collected(otherHalfOf(data).batches(0, 0), 1);
  if (architecture === undefined) return undefined;
  const batch = { ...architecture, architecture };
  const inputs = stepInputs(context, { epoch: 0, step: 0 }, batch, 'slopes');
  const rows = rowsIn(await session.read(CELL_KINDS.map(alphaName)));
  const n = rows[0]?.length ?? 1;
  const random = Random.fromSeed(spec.seed).split('power iteration');
  const slopesAt = async (alpha: Vector) => {
    if (signal.aborted) return undefined;
    const under = tensorsOf(rowsOf(alpha, n), candidateName);
    const slopes = await session.run('slopes', { ...inputs, ...under });
    return CELL_KINDS.flatMap((kind) => [...(slopes[kind]?.data ?? [])]);
  };
  return dominantEigenvalue(rows.flat(), slopesAt, { steps, random });
}

/** Epochs by which what was derived is out of date, where training is over for it; else 0. */
function epochsBack(
  history: readonly EpochMetrics[],
  { maximumSkips, eigenvalueRatio }: SupernetSpec,
): number {
  if (hasCollapsed(history.at(-1), maximumSkips)) return 1;
  const eigenvalues = history.map(({ derived: each }) => each?.eigenvalue);
  return hasSharpened(eigenvalues, eigenvalueRatio) ? EIGENVALUE_WINDOW : 0;
}

const hasCollapsed = (epoch: EpochMetrics | undefined, most: number): boolean =>
  (epoch?.derived?.skips.normal ?? 0) > most;

/** The last epoch, or the one before it all went wrong; the first where there is none before. */
export const keptEpoch = (
  history: readonly EpochMetrics[],
  settings: SupernetSpec,
): EpochMetrics | undefined => history.at(-1 - epochsBack(history, settings)) ?? history[0];
