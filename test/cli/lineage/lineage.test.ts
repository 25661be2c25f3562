// `bionas lineage`: who was varied from whom, as a tree or as one line of ancestors.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ancestry, forest } from '../../../cli/lineage/family.ts';
import { addLineageCommand } from '../../../cli/lineage/index.ts';
import type { ResultTrial } from '../../../cli/result/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeRecord, makeResult } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

let folder = '';
beforeEach(async () => {
  folder = await leaveNight();
});
const lineage = (...args: string[]) => verb(addLineageCommand, folder, ['lineage', ...args]);

test('the whole tree, with what was varied; the final network below the one it trains anew', async () => {
  expect((await lineage('night')).out).toEqual([
    'TRIAL                 STATE     ACCURACY   VARIATION',
    'night-0000            Trained   70.00 %    random',
    '├─ night-0001         Trained   71.00 %    edge 0: none to c1:BP',
    '└─ night-0002         Trained   72.00 %    edge 1: c3:FA to c3:uSF',
    '   ├─ night-0003      Failed    -          random',
    '   └─ night-final-0   Trained   -          random',
    'night-0004            Running   -          -',
  ]);
});

test.each(['final-0', 'night-final-0', '5', '#5'])('the ancestors of %s', async (word) => {
  const { out } = await lineage('night', word, '-o', 'name');
  expect(out).toEqual(['0000', '0002', 'final-0'].map((name) => `trial.bionas.dev/night-${name}`));
});

test('a trial that is not there is refused, with those that are', async () => {
  await expect(lineage('night', '17')).rejects.toMatchObject({
    message: '17: expected a trial of search night, by name or index; it has 0 to 5',
    exitCode: 2,
  });
});

describe('whatever parents say', () => {
  const [made] = makeResult({ records: [makeRecord(0)] }).trials as [ResultTrial];
  const families = fc
    .array(fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }), { maxLength: 30 })
    .map((parents) =>
      parents.map((parent, index): ResultTrial => {
        const { parent: _, ...trial } = made;
        const own = parent === undefined ? {} : { parent };
        return { ...trial, index, name: `night-${index}`, ...own };
      }),
    );

  test('every trial is in the tree once, after its parent', () => {
    fc.assert(
      fc.property(families, (trials) => {
        const order = forest(trials).map(({ trial }) => trial.index);
        expect(order.toSorted((a, b) => a - b)).toEqual(trials.map(({ index }) => index));
        for (const { index, parent } of trials)
          if (parent !== undefined && parent < index && parent in trials)
            expect(order.indexOf(parent)).toBeLessThan(order.indexOf(index));
      }),
    );
  });

  test('ancestors end', () => {
    fc.assert(
      fc.property(families, (trials) => {
        for (const trial of trials) expect(ancestry(trial, trials).at(-1)?.trial).toBe(trial);
      }),
    );
  });

  test('a line of ten thousand is drawn in little room', () => {
    const line = Array.from({ length: 10_000 }, (_, index) => ({
      ...made,
      index,
      name: `night-${index}`,
      ...(index === 0 ? {} : { parent: index - 1 }),
    }));
    const drawn = forest(line);
    expect(drawn).toHaveLength(10_000);
    expect(Math.max(...drawn.map(({ branch }) => branch.length))).toBeLessThan(70);
    expect(ancestry(line[9_999]!, line)).toHaveLength(10_000);
  });
});
