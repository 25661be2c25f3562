// One step of alpha in BioNAS-EG (EG-NAS, Cai et al. 2024; paper.md 4.2): CMA-ES around its shares, from several seeds, and a part
// of the most accurate winner is added. Pure but for the judge.
import type { Evolution } from '../../../crds/index.ts';
import { ask, init, tell } from '../../evolution-strategy/index.ts';
import { softmaxOf } from '../../network/index.ts';
import type { Random } from '../../random.ts';
import type { Score } from '../evaluate.ts';
import { fitness, type Rows, rowsOf, similarity, unitRows } from './fitness.ts';

/** Scores the supernet under this alpha; undefined where the trainer is asked to end. */
export type Judge = (alpha: Rows) => Promise<Score | undefined>;

export interface EvolutionAt {
  readonly settings: Evolution;
  /** 0-based. */
  readonly epoch: number;
  /** Of this epoch alone. */
  readonly random: Random;
}

/** Of the noise on the mean that CMA-ES begins with. */
const NOISE = 0.01;
const LEAST_SIGMA = 0.02;

/** What the released code comes to: its epoch counter stays 0, and its runs, from one seed, are one run. */
const LITERAL = { samples: 1, generations: 1 };
const sigmaAt = ({ settings, epoch }: EvolutionAt): number =>
  settings.literal ? 1 : Math.max(LEAST_SIGMA, 1 / (epoch + 1));

/** Alpha after the step; undefined where the judge was asked to end. */
export async function evolve(
  alpha: Rows,
  at: EvolutionAt,
  judge: Judge,
): Promise<Rows | undefined> {
  const { literal, alphaStep } = at.settings;
  const settings = literal ? { ...at.settings, ...LITERAL } : at.settings;
  const now = await judge(alpha);
  if (now === undefined) return undefined;
  const p = alpha.map(softmaxOf);
  const noise = at.random.split('noise');
  const mean = p.flat().map((share) => share + NOISE * noise.normal());
  const start = { mean, sigma: sigmaAt(at), accuracy: now.accuracy, p };
  let best: Candidate | undefined;
  for (let sample = 0; sample < settings.samples; sample++) {
    const random = at.random.split(`sample ${sample}`);
    const winner = await winnerOf(start, { settings, random }, judge);
    if (winner === undefined) return undefined;
    if (best === undefined || winner.accuracy > best.accuracy) best = winner;
  }
  const shares = best?.z.map(softmaxOf) ?? [];
  const added = literal ? shares.map(softmaxOf) : shares;
  return alpha.map((row, i) => row.map((each, k) => each + alphaStep * (added[i]?.[k] ?? 0)));
}

interface Start {
  /** [2 EDGES n] */
  readonly mean: readonly number[];
  readonly sigma: number;
  /** Of the supernet under alpha as it is, and its shares. */
  readonly accuracy: number;
  readonly p: Rows;
}

/** z, of unit rows, is the alpha that the candidate x was judged under. */
interface Candidate {
  readonly x: readonly number[];
  readonly z: Rows;
  readonly loss: number;
  readonly accuracy: number;
}

/** The fittest candidate of one run of CMA-ES, of whichever generation. */
async function winnerOf(
  start: Start,
  { settings, random }: Pick<EvolutionAt, 'settings' | 'random'>,
  judge: Judge,
): Promise<Candidate | undefined> {
  const { population, generations, similarity: weight } = settings;
  let state = init({ ...start, population });
  let best: Candidate | undefined;
  for (let left = generations; left > 0; left--) {
    const scored: Candidate[] = [];
    for (const x of ask(state, () => random.normal())) {
      const candidate = await judged(x, { ...start, weight }, judge);
      if (candidate === undefined) return undefined;
      scored.push(candidate);
    }
    best = [...(best === undefined ? [] : [best]), ...scored].toSorted(byLoss)[0];
    // The last generation has no heirs.
    if (left > 1) state = tell(state, scored);
  }
  return best;
}

const byLoss = (a: Candidate, b: Candidate): number => a.loss - b.loss;

async function judged(
  x: readonly number[],
  { p, accuracy, weight }: Pick<Start, 'p' | 'accuracy'> & { readonly weight: number },
  judge: Judge,
): Promise<Candidate | undefined> {
  const z = unitRows(rowsOf(x, p[0]?.length ?? 1));
  const score = await judge(z);
  if (score === undefined) return undefined;
  const loss = fitness({ ...score, similarity: similarity(p, z) }, { accuracy, weight });
  return { x, z, loss, accuracy: score.accuracy };
}
