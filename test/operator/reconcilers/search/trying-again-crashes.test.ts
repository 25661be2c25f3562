// Whatever call the operator dies in: every trial that fails is tried again once, of the budget, and the history replays.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trial } from '../../../../crds/index.ts';
import { toEvent } from '../../../../operator/reconcilers/index.ts';
import { replay } from '../../../../operator/search/index.ts';
import { hashScore } from '../../../builders/search.ts';
import { Machine, play, step } from './machine.ts';
import type { SearchWorld } from './search-world.ts';

const TRIALS = 8;

/** At the first try. */
const fails = ({ spec }: Trial): boolean =>
  spec.variation?.startsWith('tries') !== true && hashScore(spec.genotype) < 0.5;

const machineWith = (parallelism: number): Machine =>
  new Machine(
    {
      algorithm: { name: 'regularized-evolution', settings: { population: 3, sample: 2 } },
      budget: { trials: TRIALS, failedTrials: TRIALS },
      parallelism,
      final: { topK: 0 },
      history: { keep: 0 },
      retry: { limit: 0, trials: Array.from({ length: TRIALS }, (_, k) => k) },
    },
    fails,
  );

const told = ({ records }: SearchWorld) =>
  records.map(({ index, genotype, parent, variation }) => [index, genotype, parent, variation]);

test('one trial at a time: crashes change no proposal', async () => {
  const straight = machineWith(1);
  await straight.finish();
  expect(straight.world.records.some(({ outcome }) => outcome === 'Failed')).toBe(true);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const machine = machineWith(1);
      await play(machine, steps);
      expect(told(machine.world)).toEqual(told(straight.world));
    }),
    { numRuns: 20 },
  );
});

test('several at a time: none is tried twice, the budget holds, and the record is what its own events lead to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }),
      fc.array(step, { maxLength: 40, size: 'max' }),
      async (parallelism, steps) => {
        const { world } = await played(machineWith(parallelism), steps);
        const trials = world.records.toSorted((a, b) => a.index - b.index);
        expect(trials.map(({ index }) => index)).toEqual(trials.map((_, k) => k));
        expect(trials).toHaveLength(TRIALS);
        const tries = trials.filter(({ variation }) => variation?.startsWith('tries'));
        expect(new Set(tries.map(({ parent }) => parent)).size).toBe(tries.length);
        for (const { parent, genotype } of tries)
          expect(trials[parent ?? -1]).toMatchObject({ outcome: 'Failed', genotype });
        const results = world.history.map((record) => toEvent(record));
        expect(replay(world.search.spec, { trials, results }).lost).toEqual([]);
      },
    ),
    { numRuns: 20 },
  );
});

async function played(machine: Machine, steps: Parameters<typeof play>[1]): Promise<Machine> {
  await play(machine, steps);
  return machine;
}
