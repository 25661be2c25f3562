// `bionas top`: the best trials, those that have ended and whose objects are gone among them.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { bestTrials } from '../../../cli/top/best-trials.ts';
import { addTopCommand } from '../../../cli/top/index.ts';
import { FileLedger, ObjectFiles } from '../../../operator/adapters/local/index.ts';
import { SEARCHES } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { leaveRunDirectory, makeFolder } from '../../builders/run-directory.ts';
import {
  makeCompletedSearch,
  makeConstrained,
  makeFailedRecord,
  makeFinalRecord,
  makeFront,
  makeRecord,
  makeResult,
  makeRunningTrial,
  makeSearch,
} from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

let folder = '';
beforeEach(async () => {
  folder = await makeFolder();
  await leaveRunDirectory(join(folder, 'runs', 'night'), {
    search: makeSearch({ trials: { proposed: 5, succeeded: 3, failed: 1 } }),
    records: [
      makeRecord(0),
      makeRecord(2),
      makeRecord(1),
      makeFailedRecord(3, 'no'),
      makeFinalRecord(5),
    ],
    trials: [makeRunningTrial(4)],
  });
});

const top = (...args: string[]) => verb(addTopCommand, folder, ['top', ...args]);
const names = async (...args: string[]) => (await top(...args, '-o', 'name')).out;

test('the best come first, and nothing that failed, runs, or is a final one', async () => {
  expect((await top('runs/night')).out).toEqual([
    'RANK   TRIAL        ACCURACY   PARAMETERS   NETWORK',
    '1      night-0002   72.00 %    68.9 k       - | c3:brSF - | skip - c3:BP, rest BP',
    '2      night-0001   71.00 %    68.9 k       c1:BP | - c1:FA | c1:BP c1:uSF c3:FA, rest frSF',
    '3      night-0000   70.00 %    68.9 k       avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP',
  ]);
});

test('a run is found by its name under runs/, and a few may be asked for', async () => {
  expect(await names('night', '-k', '1')).toEqual(['trial.bionas.dev/night-0002']);
});

test('JSON has all that result.json has of a trial', async () => {
  const { items } = JSON.parse((await top('night', '-o', 'json')).out.join('\n'));
  const { trials } = makeResult({ records: [makeRecord(2)] });
  expect(items[0]).toMatchObject({ ...trials[0], artifacts: { log: 'logs/night-0002-0.log' } });
});

test('watched, they are shown anew when they have changed, until the search has ended', async () => {
  const root = join(folder, 'runs', 'night');
  const steps = [
    async () => undefined,
    async () => {
      const ledger = await FileLedger.open(join(root, 'ledger.jsonl'), silentLogger);
      await ledger.append('search-uid', makeRecord(4), 5);
      await ledger.close();
    },
    async () => {
      const key = { namespace: 'default', name: 'night' };
      const metadata = { ...key, uid: 'search-uid', resourceVersion: '9', creationTimestamp: '' };
      const ended = { ...makeCompletedSearch(), metadata };
      await new ObjectFiles(join(root, 'objects')).write(SEARCHES, key, ended);
    },
  ];
  const clock = { ...systemClock, sleep: async () => void (await steps.shift()?.()) };
  const { out } = await verb(addTopCommand, folder, ['top', 'night', '-w'], { clock });
  expect(out.map((line) => line.split(/ +/)[1] ?? '')).toEqual([
    ...['TRIAL', 'night-0002', 'night-0001', 'night-0000', ''],
    ...['TRIAL', 'night-0004', 'night-0002', 'night-0001', 'night-0000'],
  ]);
  expect(steps).toEqual([]);
});

test('a record that is still being written is not waited for', async () => {
  await appendFile(join(folder, 'runs', 'night', 'ledger.jsonl'), '{"search":"search-uid","rec');
  expect(await names('night')).toHaveLength(3);
});

test('a ledger that is damaged is told of, with its line', async () => {
  await appendFile(join(folder, 'runs', 'night', 'ledger.jsonl'), '{"search":\n');
  await expect(top('night')).rejects.toThrow(/ledger.jsonl:6: expected a record of the search/);
});

test('where no search is, the way to one is told', async () => {
  await expect(top('day')).rejects.toMatchObject({
    message: expect.stringContaining(
      'day: expected the directory of a run, or its name under runs/',
    ),
    exitCode: 2,
  });
});

describe('bestTrials', () => {
  test.each([
    ['accuracy', ['night-0001', 'night-0000']],
    ['parameters', ['night-0000', 'night-0001']],
    ['latency', []],
  ] as const)('by %s', (by, expected) => {
    const { trials, spec } = makeFront();
    expect(bestTrials(trials, spec, { count: 9, by }).map(({ name }) => name)).toEqual(expected);
  });

  test('what is feasible comes before what is not, and what was not trained is not there', () => {
    const { trials, spec } = makeConstrained();
    const best = bestTrials(trials, spec, { count: 9 });
    expect(best.map(({ index, state }) => [index, state])).toEqual([
      [2, 'Trained'],
      [1, 'Infeasible'],
    ]);
  });
});
