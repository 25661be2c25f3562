// Genes of every family: every genotype of a space is one list of options, and back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DARTS_EDGES,
  NB201_EDGES,
  printGenotype,
  type SearchSpace,
} from '../../../../crds/index.ts';
import { fromGenes, geneSizes, toGenes } from '../../../../operator/search/variation/index.ts';
import { genotypesIn, makeSpace } from '../../../builders/genotype.ts';

describe.each<[string, SearchSpace]>([
  ['darts', makeSpace({ kind: 'darts' })],
  ['darts, partial', makeSpace({ kind: 'darts', conversion: 'partial', learningRules: ['FA'] })],
  ['darts with what learns locally', makeSpace({ kind: 'darts', operations: [...DARTS_EDGES] })],
  ['nb201', makeSpace({ kind: 'nb201' })],
  ['nb201 with what learns locally', makeSpace({ kind: 'nb201', operations: [...NB201_EDGES] })],
  ['lenet', makeSpace({ kind: 'fixed', network: 'lenet' })],
  ['resnet20', makeSpace({ kind: 'fixed', network: 'resnet20', learningRules: ['FA', 'BP'] })],
])('%s', (_name, space) => {
  const sizes = geneSizes(space);

  test('the genes of a genotype make it again', () => {
    fc.assert(
      fc.property(genotypesIn(space), (genotype) => {
        const genes = toGenes(genotype, space);
        expect(printGenotype(fromGenes(genes, space))).toBe(printGenotype(genotype));
      }),
    );
  });

  test('any options are the genes of a genotype', () => {
    const options = fc.tuple(...sizes.map((size) => fc.nat({ max: size - 1 })));
    fc.assert(
      fc.property(options, (genes) => {
        expect(toGenes(fromGenes(genes, space), space)).toEqual(genes);
      }),
    );
  });
});
