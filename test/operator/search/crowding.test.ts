// Crowding, counted by hand.
import { expect, test } from 'vitest';
import { crowdingDistances } from '../../../operator/search/crowding.ts';
import { ACCURATE_AND_SMALL } from '../../builders/table-search.ts';

const trial = (index: number, ...objectives: number[]) => ({ index, objectives });

test('crowding is the sum of the gaps between neighbours, each as a part of its range', () => {
  const members = [trial(0, 0, 0), trial(1, 2, 50), trial(2, 3, 60), trial(3, 10, 100)];
  const distances = crowdingDistances(members, ACCURATE_AND_SMALL);
  expect(distances.map((distance) => Number(distance.toFixed(6)))).toEqual([
    Infinity,
    0.9,
    1.3,
    Infinity,
  ]);
});
