// Grid search by itself: its order, and that it begins where the seed says.
import { expect, test } from 'vitest';
import { parseGenotype, spaceSize } from '../../../../crds/index.ts';
import { fromGenes, nextGenes, toGenes } from '../../../../operator/search/variation/index.ts';
import { makeSpace } from '../../../builders/genotype.ts';
import { inTurn, makeEngineSpec, play } from '../../../builders/search.ts';

const LENET = makeSpace({ kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA', 'uSF'] });
const SIZE = Number(spaceSize(LENET));

const walk = (seed: number) =>
  play(
    makeEngineSpec({ algorithm: { name: 'grid', settings: {} }, searchSpace: LENET, seed }),
    inTurn(SIZE + 1),
  ).proposals;

test('all 81 assignments of three rules to four layers, each the successor of the one before', () => {
  const proposals = walk(1);
  expect(proposals).toHaveLength(SIZE);
  const genes = proposals.map(({ genotype }) => toGenes(parseGenotype(genotype), LENET));
  for (const [i, each] of genes.entries())
    expect(nextGenes(each, [3, 3, 3, 3])).toEqual(genes[(i + 1) % SIZE]);
  expect(proposals[4]!.variation).toBe('number 5 of the grid');
});

test('the first gene changes fastest, and past the last network comes the first', () => {
  expect(nextGenes([0, 2, 1], [3, 3, 2])).toEqual([1, 2, 1]);
  expect(nextGenes([2, 2, 0], [3, 3, 2])).toEqual([0, 0, 1]);
  expect(nextGenes([2, 2, 1], [3, 3, 2])).toEqual([0, 0, 0]);
});

test('seeds begin elsewhere and come to the same', () => {
  const [one, other] = [walk(1), walk(2)].map((list) => list.map(({ genotype }) => genotype));
  expect(one![0]).not.toBe(other![0]);
  expect(one!.toSorted()).toEqual(other!.toSorted());
  expect(one).toContain('lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP');
  expect(fromGenes([0, 0, 0, 0], LENET)).toEqual(
    parseGenotype('lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP'),
  );
});
