// Whatever call the operator dies in, and however far its caches lag behind, the search that comes out is the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replay } from '../../../../operator/search/index.ts';
import { Machine, play, step } from './machine.ts';
import type { SearchWorld } from './search-world.ts';

const TRIALS = 6;
const evolution = { name: 'regularized-evolution', settings: { population: 3, sample: 2 } };

const machineWith = (parallelism: number): Machine =>
  new Machine({
    algorithm: evolution,
    budget: { trials: TRIALS },
    parallelism,
    final: { topK: 1, seeds: 2, controls: { random: 1 } },
    history: { keep: 0 },
  });

const searched = ({ records }: SearchWorld) =>
  records.filter(({ purpose }) => purpose === 'Search');
const genotypes = (world: SearchWorld) => searched(world).map(({ genotype }) => genotype);
/** A network and its control with two seeds each, all of them once. */
const FINALS = ['night-f0-c00-s0', 'night-f0-c00-s1', 'night-f0-s1', 'night-final-0'];
const finals = ({ records }: SearchWorld) =>
  records
    .filter(({ purpose }) => purpose === 'Final')
    .map(({ name }) => name)
    .toSorted();

test('a straight run is one of budgeted trials and a final stage', async () => {
  const { world } = await straight();
  expect(world.status).toMatchObject({ phase: 'Completed', trials: { succeeded: TRIALS } });
  expect(finals(world)).toEqual(FINALS);
});

async function straight(): Promise<Machine> {
  const machine = machineWith(1);
  await machine.finish();
  return machine;
}

test('one trial at a time: crashes change no proposal', async () => {
  const expected = genotypes((await straight()).world);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const machine = machineWith(1);
      await play(machine, steps);
      expect(genotypes(machine.world)).toEqual(expected);
      expect(finals(machine.world)).toEqual(FINALS);
    }),
    { numRuns: 150 },
  );
});

test('several at a time: none is lost, none doubled, and the record is what its own results lead to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }),
      fc.array(step, { maxLength: 60, size: 'max' }),
      async (parallelism, steps) => {
        const machine = machineWith(parallelism);
        await play(machine, steps);
        const { world } = machine;
        expect(world.status.phase).toBe('Completed');
        const records = searched(world);
        expect(records.map(({ index }) => index).toSorted()).toEqual([...Array(TRIALS).keys()]);
        expect(finals(world)).toEqual(FINALS);
        expect(() => replay(world.search.spec, historyOf(world))).not.toThrow();
      },
    ),
    { numRuns: 150 },
  );
});

/** As an auditor reads the ledger. */
function historyOf(world: SearchWorld) {
  const records = searched(world);
  return {
    trials: records.toSorted((a, b) => a.index - b.index),
    results: records.map(({ index, genotype, objectives = [] }) => ({
      index,
      genotype,
      outcome: { kind: 'scored' as const, objectives },
    })),
  };
}
