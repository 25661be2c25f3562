import { describe, expect, test } from 'vitest';
import { trainingsOf } from '../../../cli/plan/trainings.ts';
import { makeSearch } from '../../builders/objects.ts';

const DARTS = { kind: 'darts', learningRules: ['FA', 'uSF'], cells: 3, channels: 8 };

const count = (of: readonly { epochs: number; starts: number }[]) => ({
  networks: of.length,
  epochs: of.reduce((sum, { epochs }) => sum + epochs, 0),
  starts: of.reduce((sum, { starts }) => sum + starts, 0),
});

describe('what a search would train', () => {
  test.each([
    [
      'all to the end where nothing schedules',
      { training: { epochs: 4 }, budget: { trials: 12 } },
      { networks: 12, epochs: 48, starts: 12 },
    ],
    [
      'no further than a rung what no rung promotes',
      {
        training: { epochs: 9 },
        budget: { trials: 9 },
        scheduling: { name: 'successive-halving', eta: 3 },
      },
      // Nine for one epoch, three of them for two more, one for six more.
      { networks: 9, epochs: 9 + 6 + 6, starts: 9 + 3 + 1 },
    ],
    [
      'all to the end where only a rest would stop them',
      {
        training: { epochs: 6 },
        budget: { trials: 5 },
        scheduling: { name: 'plateau-stop', patience: 1, minDelta: 0 },
      },
      { networks: 5, epochs: 30, starts: 5 },
    ],
  ])('%s', (_story, spec, expected) => {
    expect(count(trainingsOf(makeSearch(spec), () => 1).search)).toEqual(expected);
  });

  test('each seed of a supernet, and what it derives', () => {
    const search = makeSearch({
      searchSpace: { ...DARTS, conversion: 'partial' },
      training: { epochs: 3 },
      algorithm: { name: 'darts' },
      budget: { trials: 2 },
      final: { topK: 1, training: { epochs: 5 } },
    });
    const { search: trained, final } = trainingsOf(search, () => 1);
    expect(trained.map(({ spec }) => spec.kind)).toEqual(['Supernet', 'Supernet']);
    expect(final.map(({ spec, epochs }) => [spec.kind, epochs])).toEqual([['Train', 5]]);
  });

  test('final networks with their seeds and controls', () => {
    const controls = { random: 1 };
    const final = { topK: 2, seeds: 2, controls, training: { epochs: 7 } };
    const planned = trainingsOf(makeSearch({ budget: { trials: 3 }, final }), () => 1).final;
    expect(count(planned)).toEqual({ networks: 8, epochs: 56, starts: 8 });
  });

  test('by the clock, as many at once as there are trainers', () => {
    const spec = { training: { epochs: 2 }, budget: { trials: 6 }, parallelism: 3 };
    expect(trainingsOf(makeSearch(spec), () => 10).seconds).toBe(40);
    expect(trainingsOf(makeSearch(spec), () => 10, 6).seconds).toBe(20);
  });
});
