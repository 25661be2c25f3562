// A synthetic benchmark: a score for every genotype of NAS-Bench-201 x rules, so that searches can be judged in seconds.
// Written before any algorithm was tuned on it. Nothing is stored: a cell is computed from its seed when asked for.
//
// latent z = sum over edges of position weight * main effect of (operation, rule)
//          + sum over pairs of edges of an interaction of their two candidates
//          + noise of the genotype's text
// score    = chance + (top - chance) * sigmoid(z) where a path leads from input to output, else chance.
// The sigmoid gives the skew of NAS-Bench-201: a crowded top and a long tail.
import { createHash } from 'node:crypto';
import {
  type LearningRuleName,
  type Nb201Edge,
  type Nb201Genotype,
  type Nb201Operation,
  parseGenotype,
  type SearchSpace,
  takesRule,
} from '../../crds/index.ts';
import { makeSpace } from './genotype.ts';

/** 11 candidates an edge (3 without weights, 2 convolutions under 4 rules), 6 edges: 11^6 = 1,771,561 cells. */
export const TABLE_SPACE: SearchSpace = makeSpace({
  kind: 'nb201',
  conversion: 'partial',
  learningRules: ['FA', 'uSF', 'brSF', 'frSF'],
});

const WEIGHTS: Partial<Record<Nb201Operation, number>> = { nor_conv_1x1: 1, nor_conv_3x3: 9 };

const CHANCE = 0.1;
const TOP = 0.945;

const OPERATION_EFFECT: Record<Nb201Operation, number> = {
  none: -0.7,
  skip_connect: -0.15,
  avg_pool_3x3: -0.45,
  nor_conv_1x1: 0.25,
  nor_conv_3x3: 0.6,
  // The space of the table has none.
  hebbian_conv_3x3: 0,
  softhebb_conv_3x3: 0,
  forward_forward_conv_3x3: 0,
};

/** FA's feedback is 90 degrees off and hurts; uSF's, at 30 degrees, is nearest to the gradient; KP's and WM's come to it. */
const RULE_EFFECT: Record<LearningRuleName, number> = {
  BP: 0.15,
  uSF: 0,
  frSF: -0.06,
  brSF: -0.12,
  FA: -0.5,
  KP: 0.1,
  WM: 0.05,
  DFA: -0.6,
  DRTP: -0.65,
  PEPITA: -0.7,
  PC: 0.12,
};

/** [into, from]; the edge from input to output matters most as a shortcut, the first edge feeds everything. */
const EDGES = [
  [1, 0],
  [2, 0],
  [2, 1],
  [3, 0],
  [3, 1],
  [3, 2],
] as const;
const POSITION_WEIGHT = [1.1, 0.8, 0.9, 1, 1, 1.2];

const INTERCEPT = 0.9;
const INTERACTION = 0.12;
const NOISE = 0.08;
/** A parameter-free path from input to output lets the signal through, in both directions. */
const SHORTCUT = 0.35;

export interface SyntheticTable {
  /** Validation accuracy of a canonical text. */
  score(genotype: string): number;
  /** Weights of its convolutions, in those of one 1x1. */
  weights(genotype: string): number;
}

export function makeSyntheticTable(seed = 1): SyntheticTable {
  const interactions = new Map<string, number>();
  const interaction = (key: string) => {
    const known = interactions.get(key) ?? INTERACTION * gaussian(`${seed} ${key}`);
    interactions.set(key, known);
    return known;
  };
  return {
    score(text) {
      const genotype = parseGenotype(text) as Nb201Genotype;
      const edges: readonly Nb201Edge[] = genotype.nodes.flat();
      if (!learnsAnything(edges)) return CHANCE;
      let z = INTERCEPT + (hasShortcut(edges) ? SHORTCUT : 0);
      for (const [e, edge] of edges.entries()) {
        z += (POSITION_WEIGHT[e] ?? 0) * mainEffect(edge);
        for (let f = 0; f < e; f += 1) {
          z += interaction(`${f} ${nameOf(edges[f])} ${e} ${nameOf(edge)}`);
        }
      }
      z += NOISE * gaussian(`${seed} ${text}`);
      return CHANCE + (TOP - CHANCE) / (1 + Math.exp(-z));
    },

    weights: (text) =>
      (parseGenotype(text) as Nb201Genotype).nodes
        .flat()
        .reduce<number>((sum, { operation }) => sum + (WEIGHTS[operation] ?? 0), 0),
  };
}

function mainEffect({ operation, rule }: Nb201Edge): number {
  return OPERATION_EFFECT[operation] + (rule === undefined ? 0 : RULE_EFFECT[rule]);
}

function nameOf(edge: Nb201Edge | undefined): string {
  return `${edge?.operation}:${edge?.rule}`;
}

/** Whether the output depends on the input at all, over any edges but `none`. */
function learnsAnything(edges: readonly Nb201Edge[]): boolean {
  return reaches(edges, ({ operation }) => operation !== 'none');
}

function hasShortcut(edges: readonly Nb201Edge[]): boolean {
  return reaches(edges, ({ operation }) => operation !== 'none' && !takesRule(operation));
}

function reaches(edges: readonly Nb201Edge[], open: (edge: Nb201Edge) => boolean): boolean {
  const reached = new Set([0]);
  for (const [e, [into, from]] of EDGES.entries()) {
    const edge = edges[e];
    if (edge !== undefined && open(edge) && reached.has(from)) reached.add(into);
  }
  return reached.has(3);
}

/** Standard normal from the text alone (Box & Muller 1958 on two words of its hash). */
function gaussian(text: string): number {
  const digest = createHash('sha256').update(text).digest();
  const u = (digest.readUInt32BE(0) + 1) / 2 ** 32;
  const v = digest.readUInt32BE(4) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
