// Samples of every family: the choices of a family are the space, no more and no less.
import { describe, expect, test } from 'vitest';
import {
  DARTS_EDGES,
  genotypeInSpace,
  NB201_EDGES,
  NB201_OPERATIONS,
  parseGenotype,
  printGenotype,
  type SearchSpace,
  spaceSize,
} from '../../../../crds/index.ts';
import { Random } from '../../../../operator/search/index.ts';
import { familyOf } from '../../../../operator/search/variation/families.ts';
import { sampleGenotype, walkSpace } from '../../../../operator/search/variation/index.ts';
import { makeSpace } from '../../../builders/genotype.ts';

const SPACES: readonly (readonly [string, SearchSpace])[] = [
  ['darts', makeSpace({ kind: 'darts' })],
  ['darts under partial conversion', makeSpace({ kind: 'darts', conversion: 'partial' })],
  ['nb201', makeSpace({ kind: 'nb201' })],
  [
    'nb201 of two operations, named twice',
    makeSpace({ kind: 'nb201', operations: ['none', 'nor_conv_3x3', 'none'] }),
  ],
  ['nb201 with what learns locally', makeSpace({ kind: 'nb201', operations: [...NB201_EDGES] })],
  ['darts with what learns locally', makeSpace({ kind: 'darts', operations: [...DARTS_EDGES] })],
  ['lenet', makeSpace({ kind: 'fixed', network: 'lenet' })],
  [
    'resnet20',
    makeSpace({ kind: 'fixed', network: 'resnet20', learningRules: ['FA', 'BP', 'FA'] }),
  ],
];

describe.each(SPACES)('%s', (_name, space) => {
  test('choices multiply to the size of the space', () => {
    const product = familyOf(space)
      .radices(space)
      .reduce((size, radix) => size * BigInt(radix), 1n);
    expect(product).toBe(spaceSize(space));
  });

  test('samples are canonical and in the space', () => {
    const random = Random.fromSeed(1);
    for (let i = 0; i < 200; i += 1) {
      const genotype = sampleGenotype(space, random);
      expect(genotypeInSpace(genotype, space)).toBeUndefined();
      expect(parseGenotype(printGenotype(genotype))).toEqual(genotype);
    }
  });
});

test.each([
  [
    'nb201',
    makeSpace({ kind: 'nb201', operations: ['none', 'nor_conv_3x3'], conversion: 'partial' }),
  ],
  ['lenet', makeSpace({ kind: 'fixed', network: 'lenet' })],
])('a walk of %s meets every genotype once', (_name, space) => {
  const small: SearchSpace = { ...space, learningRules: ['uSF', 'FA'] };
  const texts = [...walkSpace(small, Random.fromSeed(4))].map(printGenotype);
  expect(BigInt(new Set(texts).size)).toBe(spaceSize(small));
  expect(BigInt(texts.length)).toBe(spaceSize(small));
});

test('what a search does not name changes none of its proposals', () => {
  const space = makeSpace({ kind: 'nb201', operations: [...NB201_OPERATIONS].reverse() });
  const drawn = (of: SearchSpace) => printGenotype(sampleGenotype(of, Random.fromSeed(3)));
  expect(drawn(space)).toBe(drawn(makeSpace({ kind: 'nb201' })));
  expect(drawn(space)).not.toContain('hebb');
});

test('samples are uniform: each of 16 networks within 4 standard deviations of 1,000', () => {
  const space = makeSpace({ kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA'] });
  const random = Random.fromSeed(2);
  const counts = new Map<string, number>();
  for (let i = 0; i < 16_000; i += 1) {
    const text = printGenotype(sampleGenotype(space, random));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  expect(counts.size).toBe(16);
  for (const count of counts.values()) {
    expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000 * (15 / 16)));
  }
});
