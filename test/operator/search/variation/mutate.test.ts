// Mutations of every family: one change, of the kinds that the family and the space know, and always another network.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DARTS_EDGES,
  type DartsGenotype,
  type Genotype,
  genotypeInSpace,
  NB201_EDGES,
  parseGenotype,
  printGenotype,
  type SearchSpace,
} from '../../../../crds/index.ts';
import { Random } from '../../../../operator/search/index.ts';
import { familyOf } from '../../../../operator/search/variation/families.ts';
import {
  MUTATION_KINDS,
  type MutationKind,
  mutations,
} from '../../../../operator/search/variation/index.ts';
import {
  genotypesIn,
  makeDarts,
  makeFixed,
  makeNb201,
  makeSpace,
} from '../../../builders/genotype.ts';

const ODDS = { rule: 0.4, operation: 0.4, wiring: 0.2 };
const DARTS = makeSpace({ kind: 'darts' });
const NB201 = makeSpace({ kind: 'nb201' });
const LENET = makeSpace({ kind: 'fixed', network: 'lenet' });
const ONE_RULE = makeSpace({ kind: 'nb201', learningRules: ['FA'] });

/** How many operations, rules and inputs of the texts differ; edges may have changed places within a DARTS node. */
function differences(a: Genotype, b: Genotype): number {
  const [left, right] = [a, b].map((genotype) => printGenotype(genotype).split(/[;,|]/).toSorted());
  return left!.filter((part) => !right!.includes(part)).length;
}

describe.each([
  ['darts', DARTS],
  ['darts, partial', makeSpace({ kind: 'darts', conversion: 'partial' })],
  ['nb201', NB201],
  ['nb201, one rule', ONE_RULE],
  ['nb201 with what learns locally', makeSpace({ kind: 'nb201', operations: [...NB201_EDGES] })],
  ['darts with what learns locally', makeSpace({ kind: 'darts', operations: [...DARTS_EDGES] })],
  ['lenet', LENET],
])('all neighbours in %s', (_name, space: SearchSpace) => {
  test('are canonical, in the space, one part away, and different from the parent and each other', () => {
    fc.assert(
      fc.property(genotypesIn(space), (parent) => {
        const children = [...mutations(parent, space, ODDS, Random.fromSeed(1))];
        for (const { genotype, change } of children) {
          expect(genotypeInSpace(genotype, space)).toBeUndefined();
          expect(parseGenotype(printGenotype(genotype))).toEqual(genotype);
          expect(differences(parent, genotype)).toBeLessThanOrEqual(1);
          expect(change.length).toBeLessThanOrEqual(256);
        }
        const texts = [parent, ...children.map(({ genotype }) => genotype)].map(printGenotype);
        expect(new Set(texts).size).toBe(children.length + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('are neighbours of each other: every mutation can be undone by one', () => {
    fc.assert(
      fc.property(genotypesIn(space), fc.nat(), (parent, seed) => {
        const [child] = mutations(parent, space, ODDS, Random.fromSeed(seed));
        const back = familyOf(space).neighbours(child!.genotype, space);
        expect(back.map(({ apply }) => printGenotype(apply()))).toContain(printGenotype(parent));
      }),
      { numRuns: 30 },
    );
  });
});

test('a nb201 network of one candidate has the neighbours that one can count', () => {
  const count = (kind: MutationKind) =>
    familyOf(NB201)
      .neighbours(makeNb201({ operation: 'nor_conv_3x3', rule: 'FA' }), NB201)
      .filter((neighbour) => neighbour.kind === kind).length;
  // 6 edges and the rest with 4 other rules each; 6 edges with 4 other operations; no wiring.
  expect(MUTATION_KINDS.map(count)).toEqual([28, 24, 0]);
});

test('the inputs of a darts node stay different, and node 2, which has only two, keeps them', () => {
  const rewired = [
    ...mutations(makeDarts(), DARTS, { rule: 0, operation: 0, wiring: 1 }, Random.fromSeed(1)),
  ];
  // Per cell 0 + 2 * 1 + 2 * 2 + 2 * 3 changes of input.
  expect(rewired).toHaveLength(24);
  for (const { genotype } of rewired) {
    const { normal, reduce } = genotype as DartsGenotype;
    for (const [a, b] of [...normal, ...reduce]) expect(a.from).toBeLessThan(b.from);
  }
});

/** The share of each kind among first mutations. */
function shares(parent: Genotype, space: SearchSpace, odds = ODDS): number[] {
  // 0.05 is 4 standard deviations of a share of 0.5.
  const runs = 1500;
  const kinds = new Map(
    familyOf(space)
      .neighbours(parent, space)
      .map((n) => [n.change(), n.kind]),
  );
  const drawn = Array.from({ length: runs }, (_, seed) => {
    const [mutation] = mutations(parent, space, odds, Random.fromSeed(seed));
    return kinds.get(mutation?.change ?? '');
  });
  return MUTATION_KINDS.map((kind) => drawn.filter((one) => one === kind).length / runs);
}

const PARTIAL_NB201: SearchSpace = { ...NB201, conversion: 'partial' };
const WEIGHTLESS = makeNb201({ operation: 'none' });

test.each([
  { title: 'darts has all kinds', of: makeDarts(), space: DARTS, want: [0.4, 0.4, 0.2] },
  { title: 'nb201 has no wiring', of: makeNb201(), space: NB201, want: [0.5, 0.5, 0] },
  { title: 'a fixed network has rules alone', of: makeFixed(), space: LENET, want: [1, 0, 0] },
  { title: 'no rule where one', of: makeNb201(undefined, 'FA'), space: ONE_RULE, want: [0, 1, 0] },
  { title: 'no rule without weights', of: WEIGHTLESS, space: PARTIAL_NB201, want: [0, 1, 0] },
  {
    title: 'a kind at 0 never happens, and the others need not sum to 1',
    of: makeDarts(),
    space: DARTS,
    odds: { rule: 3, operation: 0, wiring: 1 },
    want: [0.75, 0, 0.25],
  },
])('kinds come by their odds, renormalised: $title', ({ of, space, odds, want }) => {
  const got = shares(of, space, odds);
  for (const [k, share] of want.entries()) expect(Math.abs(share - got[k]!)).toBeLessThan(0.05);
});

test('an operation that takes rules is as likely as one that does not', () => {
  const parent = makeNb201({ operation: 'none' });
  const space: SearchSpace = { ...NB201, conversion: 'partial' };
  const to = Array.from({ length: 2000 }, (_, seed) => {
    const [mutation] = mutations(parent, space, ODDS, Random.fromSeed(seed));
    return mutation!.change.replace(/.*-> |:.*/g, '');
  });
  const share = (operation: string) => to.filter((one) => one.startsWith(operation)).length / 2000;
  expect(share('skip_connect')).toBeCloseTo(0.25, 1);
});

test('a network without neighbours has no mutation', () => {
  const space = makeSpace({ kind: 'fixed', network: 'lenet', learningRules: ['BP'] });
  expect([...mutations(makeFixed(), space, ODDS, Random.fromSeed(1))]).toEqual([]);
});

test.each([
  ['darts', makeDarts(), DARTS, 'normal node 3 edge 1: sep_conv_3x3:uSF -> sep_conv_3x3:FA'],
  ['darts', makeDarts(), DARTS, 'reduce node 5 edge 2: sep_conv_3x3:uSF -> max_pool_3x3'],
  ['darts', makeDarts(), DARTS, 'normal node 3 edge 1: input 0 -> 2'],
  ['darts', makeDarts(), DARTS, 'rest: BP -> frSF'],
  ['nb201', makeNb201(), NB201, 'node 2 edge 1: nor_conv_3x3:FA -> nor_conv_1x1:FA'],
  ['fixed', makeFixed(), LENET, 'conv2: BP -> brSF'],
])('%s says what changed: %3$s', (_family, parent, space, want) => {
  const changes = familyOf(space)
    .neighbours(parent, space)
    .map(({ change }) => change());
  expect(changes).toContain(want);
});
