// Functional analysis of variance by a forest (Hutter, Hoos & Leyton-Brown 2014): which share of the variance of a target each
// factor explains alone, were all values of all factors equally frequent. Pure; the seed is an argument.
import { Random } from '../../operator/search/index.ts';
import type { Factor } from './factor.ts';
import { growTree, type Leaf } from './tree.ts';

export interface Sample {
  readonly factors: readonly Factor[];
  /** One a sample. */
  readonly targets: Float64Array;
}

const TREES = 24;
/** More say little more, and take their time. */
const MOST_SAMPLES = 2_000;
const LEAST_IN_LEAF = 4;
/** Of the factors, tried at each division. */
const TRIED = 5 / 6;

/** In [0, 1], one a factor; together at most 1, the rest is what factors explain jointly. undefined where nothing varies. */
export function variancesAlone(sample: Sample, seed: number): number[] | undefined {
  const { factors, targets } = sample;
  const random = Random.fromSeed(seed);
  const known = random
    .split('samples')
    .shuffle([...targets.keys()])
    .slice(0, MOST_SAMPLES);
  const tries = Math.max(1, Math.ceil(factors.length * TRIED));
  const trees = Array.from({ length: TREES }, (_, tree) => {
    const own = random.split(`tree ${tree}`);
    // Bagging (Breiman 1996): as many as there are, some of them twice.
    const rows = Uint32Array.from(known, () => known[own.int(known.length)] ?? 0);
    return growTree(rows, { factors, targets, least: LEAST_IN_LEAF, tries, random: own });
  });
  const shares = trees.flatMap((leaves) => {
    const found = sharesOf(leaves, factors);
    return found === undefined ? [] : [found];
  });
  if (shares.length === 0) return undefined;
  return factors.map((_, i) => shares.reduce((sum, of) => sum + (of[i] ?? 0), 0) / shares.length);
}

/** Of one tree, exactly; undefined where it is one leaf. */
function sharesOf(leaves: readonly Leaf[], factors: readonly Factor[]): number[] | undefined {
  const weighed = leaves.map((leaf) => weigh(leaf, factors));
  const mean = weighed.reduce((sum, { weight, prediction }) => sum + weight * prediction, 0);
  const variance = weighed.reduce(
    (sum, { weight, prediction }) => sum + weight * (prediction - mean) ** 2,
    0,
  );
  if (variance <= 0) return undefined;
  return factors.map(({ values }, i) => {
    // a_i(v): the mean of the tree where factor i has value v.
    const marginal = new Float64Array(values);
    for (const { weight, prediction, box, parts } of weighed) {
      const others = weight / (parts[i] ?? 1);
      for (let v = 0; v < values; v++)
        if (box[i]?.[v] === 1) marginal[v] = (marginal[v] ?? 0) + others * prediction;
    }
    const alone = marginal.reduce((sum, a) => sum + (a - mean) ** 2, 0) / values;
    return alone / variance;
  });
}

interface WeighedLeaf extends Leaf {
  /** Its part of all combinations of values. */
  readonly weight: number;
  /** Its part of the values of each factor. */
  readonly parts: readonly number[];
}

function weigh(leaf: Leaf, factors: readonly Factor[]): WeighedLeaf {
  const parts = factors.map(({ values }, i) => {
    const there = leaf.box[i]?.reduce((sum, each) => sum + each, 0) ?? 0;
    return there / values;
  });
  return { ...leaf, parts, weight: parts.reduce((product, part) => product * part, 1) };
}
