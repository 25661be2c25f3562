// The search among the paths of a trained supernet (SPOS, Guo et al. 2020, algorithm 1), or random search beside it: as many paths are
// judged either way, none twice. A function of the seed and of what the judge says, so what was judged before it was stopped is asked
// of its record alone.
import type { SinglePath } from '../../../../crds/index.ts';
import type { Random } from '../../../random.ts';
import { BadInputError } from '../../bad-input-error.ts';
import { crossed, drawGenes, type Genes, mutated } from './genes.ts';

/** Accuracy of a path; undefined where the trainer is asked to end. */
export type JudgePath = (genes: Genes) => Promise<number | undefined>;

export interface PathSearch {
  readonly settings: SinglePath;
  /** Of an edge. */
  readonly candidates: number;
  readonly isAllowed: (genes: Genes) => boolean;
  readonly random: Random;
}

export interface JudgedPath {
  readonly genes: Genes;
  readonly accuracy: number;
}

/** Draws until a path is allowed and new; then a space is taken to be used up. */
const TRIES = 1000;

/** All that were judged, the best first, of equals the earlier; undefined where the trainer is asked to end. */
export async function searchPaths(
  search: PathSearch,
  judge: JudgePath,
): Promise<JudgedPath[] | undefined> {
  const { population, generations } = search.settings;
  const judged = new Map<string, JudgedPath>();
  let best: readonly JudgedPath[] = [];
  for (let k = 0; k < population * generations; k++) {
    if (k % population === 0) best = ranked(judged);
    const genes = proposed(search, best, { judged, random: search.random.split(`path ${k}`) });
    if (genes === undefined) break;
    const accuracy = await judge(genes);
    if (accuracy === undefined) return undefined;
    judged.set(genes.join(), { genes, accuracy });
  }
  return ranked(judged);
}

const ranked = (judged: ReadonlyMap<string, JudgedPath>): JudgedPath[] =>
  [...judged.values()].toSorted((a, b) => b.accuracy - a.accuracy);

interface Drawing {
  readonly judged: ReadonlyMap<string, JudgedPath>;
  readonly random: Random;
}

/** A path that was not judged yet: a child of the best, or a random one where there are no parents. Undefined where none is left. */
function proposed(
  search: PathSearch,
  best: readonly JudgedPath[],
  { judged, random }: Drawing,
): Genes | undefined {
  const isNew = (genes: Genes) => search.isAllowed(genes) && !judged.has(genes.join());
  const parents = search.settings.search === 'random' ? [] : parentsAmong(search, best);
  if (parents.length > 0)
    for (let i = 0; i < TRIES; i++) {
      const genes = child(search, parents, random);
      if (isNew(genes)) return genes;
    }
  for (let i = 0; i < TRIES; i++) {
    const genes = drawGenes(search.candidates, random);
    if (isNew(genes)) return genes;
  }
  if (judged.size > 0) return undefined;
  throw new BadInputError(
    `supernet.maximumSkips: expected some path to have as few skips, got none of ${TRIES}; raise it`,
  );
}

const parentsAmong = ({ settings }: PathSearch, best: readonly JudgedPath[]): Genes[] =>
  best.slice(0, settings.parents).map(({ genes }) => genes);

function child({ settings, candidates }: PathSearch, parents: Genes[], random: Random): Genes {
  const { crossover, mutation } = settings;
  const one = () => parents[random.int(parents.length)] as Genes;
  if (random.uniform() < crossover) return crossed(one(), one(), random);
  return mutated(one(), candidates, { mutation, random });
}
