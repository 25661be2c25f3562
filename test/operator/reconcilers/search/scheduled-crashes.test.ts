// As crashes.test.ts, of searches whose trials pause at rungs: no call in which the operator dies changes what is promoted.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTrialRecord, toEvent } from '../../../../operator/reconcilers/index.ts';
import { replay } from '../../../../operator/search/index.ts';
import { Machine, play, step } from './machine.ts';
import type { SearchWorld } from './search-world.ts';

const TRIALS = 9;
const evolution = { name: 'regularized-evolution', settings: { population: 3, sample: 2 } };

const machineWith = (name: string, parallelism: number): Machine =>
  new Machine({
    algorithm: evolution,
    scheduling: { name },
    training: { epochs: 9 },
    budget: { trials: TRIALS },
    parallelism,
    history: { keep: 0 },
    final: { topK: 0 },
  });

/** What happened, in its order, without names and times; those let go at the end, all at once, by their index. */
function told({ history }: SearchWorld) {
  const isLetGo = (record: SearchWorld['history'][number]) =>
    isTrialRecord(record) && record.reason === 'NotPromoted';
  const letGo = history.filter(isLetGo).toSorted((a, b) => a.index - b.index);
  return [...history.filter((record) => !isLetGo(record)), ...letGo].map((record) => [
    'kind' in record ? record.kind : 'end',
    record.index,
    'epochs' in record ? record.epochs : undefined,
    'objectives' in record ? record.objectives : undefined,
  ]);
}

const ends = ({ records }: SearchWorld) =>
  records.map(({ index }) => index).toSorted((a, b) => a - b);

const historyOf = ({ history, records }: SearchWorld) => ({
  trials: records.toSorted((a, b) => a.index - b.index),
  results: history.map((record) => toEvent(record)),
});

describe.each(['asha', 'successive-halving', 'hyperband'])('%s', (name) => {
  test('a straight run promotes some trials, and ends all', async () => {
    const machine = machineWith(name, 1);
    await machine.finish();
    expect(machine.world.status).toMatchObject({ phase: 'Completed', trials: { paused: 0 } });
    expect(ends(machine.world)).toEqual([...Array(TRIALS).keys()]);
    expect(told(machine.world).some(([kind]) => kind === 'promotion')).toBe(true);
  });

  test('one trial at a time: crashes change nothing of the history', async () => {
    const straight = machineWith(name, 1);
    await straight.finish();
    const expected = told(straight.world);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
        const machine = machineWith(name, 1);
        await play(machine, steps);
        expect(told(machine.world)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('several at a time: none is lost, none doubled, and the record is what its own events lead to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        async (parallelism, steps) => {
          const machine = machineWith(name, parallelism);
          await play(machine, steps);
          const { world } = machine;
          expect(world.status.phase).toBe('Completed');
          expect(ends(world)).toEqual([...Array(TRIALS).keys()]);
          expect(() => replay(world.search.spec, historyOf(world))).not.toThrow();
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});
