// From alpha to a genotype, entropy and skips: DARTS's decoding, case by case.
import { describe, expect, test } from 'vitest';
import { printGenotype } from '../../../crds/index.ts';
import {
  deriveGenotype,
  EDGES,
  entropyOf,
  type SupernetCandidate,
  skipsOf,
} from '../../../trainer/network/index.ts';

const CANDIDATES: SupernetCandidate[] = [
  { operation: 'none' },
  { operation: 'skip_connect' },
  { operation: 'sep_conv_3x3', rule: 'FA' },
  { operation: 'sep_conv_3x3', rule: 'uSF' },
];
const N = CANDIDATES.length;
const of = { candidates: CANDIDATES, rest: 'BP' } as const;

/** Even but for these [edge, candidate, alpha]. */
function alphas(...set: (readonly [edge: number, candidate: number, alpha: number])[]) {
  const values = new Float32Array(EDGES * N);
  for (const [edge, candidate, alpha] of set) values[edge * N + candidate] = alpha;
  return values;
}
const even = alphas();

const nodesOf = (normal: Float32Array): string[] =>
  (
    /normal=([^;]*)/.exec(printGenotype(deriveGenotype({ normal, reduce: even }, of)))?.[1] ?? ''
  ).split('|');

describe('each node', () => {
  test('keeps its two strongest edges, each with its strongest pair of operation and rule', () => {
    // Node 4 has the edges 5..8, from 0..3.
    const [, , node4] = nodesOf(alphas([5, 1, 1], [6, 3, 3], [7, 2, 2]));
    expect(node4).toBe('sep_conv_3x3:uSF~1,sep_conv_3x3:FA~2');
  });

  test('never takes none, and an edge that prefers it counts by what is left', () => {
    const [, node3] = nodesOf(alphas([2, 0, 9], [3, 2, 1], [4, 3, 1]));
    expect(node3).toBe('sep_conv_3x3:FA~1,sep_conv_3x3:uSF~2');
  });

  test('takes the first of equals', () => {
    expect(nodesOf(even)).toEqual(Array(4).fill('skip_connect~0,skip_connect~1'));
  });
});

test('entropy is 1 where nothing is decided, and near 0 where all is', () => {
  const decided = alphas(...Array.from({ length: EDGES }, (_, edge) => [edge, 2, 50] as const));
  const { normal, reduce } = entropyOf({ normal: even, reduce: decided }, N);
  expect(normal).toBeCloseTo(1, 12);
  expect(reduce).toBeLessThan(1e-12);
  expect(entropyOf({ normal: [], reduce: [] }, 1)).toEqual({ normal: 0, reduce: 0 });
});

test('skips are counted in each kind of cell', () => {
  const normal = alphas(...Array.from({ length: EDGES }, (_, edge) => [edge, 3, 1] as const));
  expect(skipsOf(deriveGenotype({ normal, reduce: even }, of))).toEqual({ normal: 0, reduce: 8 });
});
