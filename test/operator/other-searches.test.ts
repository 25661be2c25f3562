// What a cluster tells of a search to one that is to begin from it, and to whom it tells nothing.
import { describe, expect, test } from 'vitest';
import { otherSearches } from '../../operator/other-searches.ts';
import { ForbiddenError, NotFoundError } from '../../operator/runtime/index.ts';
import {
  CELLS,
  condition,
  makeFailedRecord,
  makeFinalRecord,
  makeRecord,
  makeSearch,
} from '../builders/search-result.ts';

const ranked = (index: number) => ({
  trial: `night-${index}`,
  index,
  genotype: `network ${index}`,
  objectives: [0.9],
});

const HOME = { namespace: 'default', take: 'best' } as const;
const NIGHT = { namespace: 'default', name: 'night' };

function finds({
  status = {},
  allowed = true,
  error,
  records = [],
}: {
  status?: object;
  allowed?: boolean;
  error?: Error;
  records?: readonly unknown[];
}) {
  const questions: unknown[] = [];
  const others = otherSearches({
    searches: {
      get: async () => {
        if (error !== undefined) throw error;
        return makeSearch(status as Record<string, unknown>) as never;
      },
    },
    ledger: {
      async *read() {
        for (const [i, record] of records.entries()) yield { sequence: i + 1, record };
      },
    },
    mayAccess: async (question) => {
      questions.push(question);
      return allowed;
    },
  });
  return { others, questions };
}

test('tells its networks, best first, and whether it has ended', async () => {
  const conditions = [condition('Completed', 'BudgetSpent', '')];
  const { others, questions } = finds({
    status: { conditions, best: [ranked(2), ranked(0)], pareto: [ranked(1)] },
  });
  expect(await others.find(NIGHT, HOME)).toEqual({
    ...NIGHT,
    uid: 'search-uid',
    settled: true,
    objectives: [{ metric: 'accuracy', goal: 'maximize' }],
    scored: [],
    best: ['network 2', 'network 0'],
    pareto: ['network 1'],
  });
  expect(questions).toEqual([]);
  expect(await finds({}).others.find(NIGHT, HOME)).toMatchObject({ settled: false, best: [] });
});

test('tells all that it scored, as its ledger has it, where that is asked for and it has ended', async () => {
  const records = [
    makeRecord(1),
    makeFailedRecord(2, 'broken'),
    makeRecord(0, { outcome: 'Diverged', objectives: [0.1] }),
    makeFinalRecord(3),
  ];
  const conditions = [condition('Completed', 'BudgetSpent', '')];
  const asks = { ...HOME, take: 'ledger' } as const;
  expect(await finds({ records, status: { conditions } }).others.find(NIGHT, asks)).toMatchObject({
    scored: [
      { genotype: CELLS[1], objectives: [0.71] },
      { genotype: CELLS[0], objectives: [0.1] },
    ],
  });
  expect(await finds({ records }).others.find(NIGHT, asks)).toMatchObject({ scored: [] });
});

describe('tells nothing', () => {
  test.each([
    ['where it is not there', { error: new NotFoundError('night') }, 'is not there'],
    [
      'where the operator may not read it',
      { error: new ForbiddenError('no') },
      'the operator may not read it: no',
    ],
  ])('%s', async (_where, what, missing) => {
    expect(await finds(what).others.find(NIGHT, HOME)).toEqual({ missing });
  });

  test('to a namespace whose service accounts may not read it', async () => {
    const { others, questions } = finds({ allowed: false });
    expect(await others.find(NIGHT, { ...HOME, namespace: 'lab' })).toEqual({
      missing:
        'RBAC does not let namespace lab get it: bind a Role that may get bionassearches to the group system:serviceaccounts:lab',
    });
    expect(questions).toEqual([
      {
        user: 'system:serviceaccount:lab:default',
        groups: ['system:serviceaccounts:lab', 'system:serviceaccounts', 'system:authenticated'],
        verb: 'get',
        group: 'bionas.dev',
        resource: 'bionassearches',
        ...NIGHT,
      },
    ]);
  });

  test('and lets a failure be one', async () => {
    const { others } = finds({ error: new Error('broken') });
    await expect(others.find(NIGHT, HOME)).rejects.toThrow('broken');
  });
});
