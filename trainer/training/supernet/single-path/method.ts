// Single-path one-shot (SPOS, Guo et al. 2020): each step trains one path, drawn evenly; once the supernet is trained, paths are searched
// among by what they score with the weights that they inherit.
import { type EpochMetrics, printGenotype, type SinglePath } from '../../../../crds/index.ts';
import { buildSinglePaths, skipsOf } from '../../../network/index.ts';
import { Random } from '../../../random.ts';
import { atMostEvery } from '../../at-most-every.ts';
import { BadInputError } from '../../bad-input-error.ts';
import { collected, otherHalfOf } from '../../batches.ts';
import type { LoopState } from '../../checkpoint.ts';
import type { Score } from '../../evaluate.ts';
import type { Batch } from '../../ports.ts';
import { PROGRESS_EVERY_MS, progressOf, saveEveryMs, type TrainOutcome } from '../../train.ts';
import type { Course, TrainContext } from '../../train-context.ts';
import { type Found, REST, type Searched, type SupernetMethod } from '../method.ts';
import { drawGenes, type Genes, genotypeOf, pathOf } from './genes.ts';
import { calibrationBatches, inTurn, judgePath } from './judge.ts';
import { buildSinglePathProgram, pathInputs } from './program.ts';
import { type JudgePath, type PathSearch, searchPaths } from './search-paths.ts';

/** An epoch's score is the mean of so many paths, the same ones after each. */
const SCORED_PATHS = 8;

export const singlePath: SupernetMethod = {
  program: (plan, mixed) => buildSinglePathProgram({ ...plan, paths: buildSinglePaths(mixed) }),
  course: courseOf,
  find: async (searched, context, outcome) => {
    const { seed } = context.spec;
    if (outcome.kind !== 'trained')
      return { outcome, genotype: textOf(pathsOf(seed, 'paths', searched)(), searched) };
    return findBest(searched, context, outcome);
  },
};

const settingsOf = ({ settings }: Searched): SinglePath =>
  settings.singlePath ?? refuse('expected how single paths are searched among, got nothing');

const refuse = (problem: string): never => {
  throw new BadInputError(`supernet.singlePath: ${problem}`);
};

const textOf = (genes: Genes, { candidates }: Searched): string =>
  printGenotype(genotypeOf(genes, { candidates, rest: REST }));

/** Even draws that follow from the seed and the use. */
const pathsOf = (seed: number, use: string, { candidates }: Searched): (() => Genes) => {
  const random = Random.fromSeed(seed).split(use);
  return () => drawGenes(candidates.length, random);
};

function courseOf(searched: Searched): Course {
  return {
    entryAt: () => 'train',
    inputs: ({ spec }, { epoch, step }) =>
      pathInputs(pathOf(pathsOf(spec.seed, `path of epoch ${epoch} step ${step}`, searched)())),
    score: (context) => meanScore(searched, context),
    look: async () => ({}),
    hasEnded: () => false,
  };
}

/** Mean over the held-out pictures, dealt to some paths. */
async function meanScore(searched: Searched, context: TrainContext): Promise<Score | undefined> {
  const draw = pathsOf(context.spec.seed, 'paths that score an epoch', searched);
  const calibration = await calibrationBatches(context, settingsOf(searched).calibrationBatches);
  const batches = await collected(context.data.evaluation());
  const each = Math.ceil(batches.length / SCORED_PATHS);
  const sums = { loss: 0, accuracy: 0, pictures: 0 };
  for (let from = 0; from < batches.length; from += each) {
    const own = batches.slice(from, from + each);
    const judging = { calibration, pictures: () => inTurn(own) };
    const score = await judgePath(context, draw(), judging);
    if (score === undefined) return undefined;
    const pictures = countOf(own);
    sums.loss += score.loss * pictures;
    sums.accuracy += score.accuracy * pictures;
    sums.pictures += pictures;
  }
  return { loss: sums.loss / sums.pictures, accuracy: sums.accuracy / sums.pictures };
}

const countOf = (batches: readonly Batch[]): number =>
  batches.reduce((sum, { labels }) => sum + labels.filter((label) => label >= 0).length, 0);

async function findBest(
  searched: Searched,
  context: TrainContext,
  outcome: TrainOutcome,
): Promise<Found | undefined> {
  const { judge, seconds } = remembering(context, outcome.loop, await judgeOf(searched, context));
  const found = await searchPaths(searchOf(searched, context), judge);
  const [best] = found ?? [];
  if (found === undefined || best === undefined) return undefined;
  const { calibrationBatches: count } = settingsOf(searched);
  const calibration = await calibrationBatches(context, count);
  const held = { calibration, pictures: () => context.data.evaluation() };
  const score = await judgePath(context, best.genes, held);
  if (score === undefined) return undefined;
  const mean = found.reduce((sum, { accuracy }) => sum + accuracy, 0) / found.length;
  return {
    ...concluded(
      searched,
      { ...outcome, loop: { ...outcome.loop, seconds: seconds() } },
      { genes: best.genes, score },
    ),
    judged: { paths: found.length, accuracy: best.accuracy, mean },
  };
}

/** Scores paths on the pictures that decide between them; undefined where the trainer is asked to end. */
export async function judgeOf(
  searched: Searched,
  context: TrainContext,
): Promise<(genes: Genes) => Promise<Score | undefined>> {
  const { calibrationBatches: count, judgedPictures } = settingsOf(searched);
  const batches = await collected(otherHalfOf(context.data).asTheyAre(judgedPictures));
  const calibration = await calibrationBatches(context, count);
  const judging = { calibration, pictures: () => inTurn(batches) };
  return (genes) => judgePath(context, genes, judging);
}

const searchOf = (searched: Searched, { spec }: TrainContext): PathSearch => ({
  settings: settingsOf(searched),
  candidates: searched.candidates.length,
  isAllowed: (genes) =>
    skipsOf(genotypeOf(genes, { candidates: searched.candidates, rest: REST })).normal <=
    searched.settings.maximumSkips,
  random: Random.fromSeed(spec.seed).split('search among paths'),
});

/** Asks of the record what it knows, and keeps what it does not in the checkpoint, now and then and where it is stopped; `seconds` has its time, too. */
function remembering(
  context: TrainContext,
  start: LoopState,
  judge: (genes: Genes) => Promise<Score | undefined>,
): { readonly judge: JudgePath; readonly seconds: () => number } {
  const { clock, listener } = context;
  const judged: Record<string, number> = { ...start.judged };
  const beat = atMostEvery(PROGRESS_EVERY_MS, clock, () =>
    listener.progress(progressOf(context, start)),
  );
  let saved = clock.now();
  let { seconds } = start;
  const asked: JudgePath = async (genes) => {
    const key = genes.join();
    const known = judged[key];
    if (known !== undefined) return known;
    const before = clock.now();
    const score = await judge(genes);
    const now = clock.now();
    seconds += (now - before) / 1000;
    if (score !== undefined) judged[key] = score.accuracy;
    beat();
    if (score === undefined || now - saved >= saveEveryMs(context.spec)) {
      await context.save({ ...start, seconds, judged });
      saved = clock.now();
    }
    return score?.accuracy;
  };
  return { judge: asked, seconds: () => seconds };
}

/** The last epoch says what was found; the trial's scores are those of what was found. */
function concluded(
  searched: Searched,
  outcome: TrainOutcome,
  { genes, score }: { readonly genes: Genes; readonly score: Score },
): Pick<Found, 'outcome' | 'kept' | 'genotype'> {
  const genotype = textOf(genes, searched);
  const skips = skipsOf(genotypeOf(genes, { candidates: searched.candidates, rest: REST }));
  const { loop } = outcome;
  const last = loop.history.at(-1) as EpochMetrics;
  const said = { ...last, derived: { genotype, skips } };
  const history = [...loop.history.slice(0, -1), said];
  return {
    outcome: { ...outcome, loop: { ...loop, history } },
    kept: { ...said, validationAccuracy: score.accuracy, validationLoss: score.loss },
    genotype,
  };
}
