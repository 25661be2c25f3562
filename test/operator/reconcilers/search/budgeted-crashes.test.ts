// Searches under budget.gpuHours that may fail at any call: the account holds, and what was decided under it is replayed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTrialRecord, toEvent } from '../../../../operator/reconcilers/index.ts';
import { replay } from '../../../../operator/search/index.ts';
import { Machine, play, step } from './machine.ts';

const SECONDS = 420;

/** Each trial is said to have taken 60 seconds in all, however often it paused. */
const machineWith = (name: string, parallelism: number) =>
  new Machine({
    scheduling: { name },
    training: { epochs: 9 },
    budget: { trials: 12, gpuHours: SECONDS / 3600 },
    parallelism,
    final: { topK: 1, training: { epochs: 9 } },
  });

test.each(['none', 'asha', 'hyperband'])(
  '%s: spends no more than it may, and can be replayed',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 60, size: 'max' }),
        async (parallelism, steps) => {
          const machine = machineWith(name, parallelism);
          await play(machine, steps);
          const { world } = machine;
          expect(machine.isOver).toBe(true);
          expect(world.status.deviceSeconds).toBeLessThanOrEqual(SECONDS);
          expect(world.records.length).toBeGreaterThan(0);
          const trials = world.records
            .filter(({ purpose }) => purpose === 'Search')
            .toSorted((a, b) => a.index - b.index);
          const results = world.history
            .filter((record) => !isTrialRecord(record) || record.purpose === 'Search')
            .map((record) => toEvent(record));
          expect(() => replay(world.search.spec, { trials, results })).not.toThrow();
        },
      ),
      { numRuns: 15 },
    );
  },
  60_000,
);
