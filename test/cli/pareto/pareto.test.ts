// `bionas pareto`: what none beats in every objective, all of it.

import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { front } from '../../../cli/pareto/front.ts';
import { addParetoCommand } from '../../../cli/pareto/index.ts';
import { dominates } from '../../../operator/search/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { leaveRunDirectory, makeFolder } from '../../builders/run-directory.ts';
import { makeFront, makeRecord, makeResult, makeSearch } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

const OBJECTIVES = [
  { metric: 'accuracy' as const, goal: 'maximize' as const },
  { metric: 'parameters' as const, goal: 'minimize' as const },
];

test('both of two are on it where neither beats the other', () => {
  const { trials, spec } = makeFront();
  expect(front(trials, spec).map(({ index }) => index)).toEqual([1, 0]);
});

test('whatever the trials are, none on it is beaten, and all others are, or have a twin there', () => {
  const values = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 40 }), (points) => {
      const records = points.map((objectives, index) =>
        makeRecord(index % 10, { index, name: `night-${index}`, trial: `u${index}`, objectives }),
      );
      const { trials } = makeResult({ records });
      const on = front(trials, { objectives: OBJECTIVES }).map(({ index }) => index);
      const scored = points.map((objectives, index) => ({ index, objectives }));
      for (const trial of scored) {
        const beaten = scored.some((other) => dominates(other, trial, OBJECTIVES));
        const twin = scored.some(
          ({ index, objectives }) =>
            index < trial.index && objectives.join() === trial.objectives.join(),
        );
        expect(on.includes(trial.index)).toBe(!beaten && !twin);
      }
    }),
    { numRuns: 50 },
  );
});

test('the status shows 20 members, the command all of them', async () => {
  const folder = await makeFolder();
  const records = Array.from({ length: 30 }, (_, index) =>
    makeRecord(index % 10, {
      index,
      name: `night-${index}`,
      trial: `uid-${index}`,
      objectives: [index / 100, 1000 + index],
    }),
  );
  const search = makeSearch({}, { objectives: OBJECTIVES });
  await leaveRunDirectory(join(folder, 'runs', 'night'), { search, records });
  const { out, err } = await verb(addParetoCommand, folder, ['pareto', 'night']);
  expect(out).toHaveLength(31);
  expect(out[0]).toMatch(/^TRIAL +ACCURACY +PARAMETERS +NETWORK$/);
  expect(err).toEqual([]);
});

test('of one objective it is the best trial, and that is said', async () => {
  const { out, err } = await verb(addParetoCommand, await leaveNight(), [
    'pareto',
    'night',
    '-o',
    'name',
  ]);
  expect(out).toEqual(['trial.bionas.dev/night-0002']);
  expect(err).toEqual(['one objective: the front is its best trial']);
});
