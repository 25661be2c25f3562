// Rule shares: the best quarter of the trials against all of them.
import { expect, test } from 'vitest';
import { ruleShares } from '../../../cli/report/rule-shares.ts';
import { makeCompletedSearch, makeRecord, makeResult } from '../../builders/search-result.ts';

const lenet = (rule: string) =>
  `lenet;${['conv2', 'conv3', 'fc1', 'fc2'].map((layer) => `${layer}=${rule}`).join(',')}`;
const spec = (goal: string, metric: string) => ({
  searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA'] },
  objectives: [{ metric, goal }],
});
/** Eight trials; the last two have the highest score and learn by FA. */
const records = Array.from({ length: 8 }, (_, k) =>
  makeRecord(k, { genotype: lenet(k < 6 ? 'BP' : 'FA'), objectives: [k] }),
);

test.each([
  ['maximize', 'accuracy', 1],
  ['minimize', 'loss', 0],
])('%s: the best quarter is that of the objective', (goal, metric, share) => {
  const search = makeCompletedSearch(spec(goal, metric));
  expect(ruleShares(makeResult({ search, records }))).toEqual([
    { rule: 'BP', best: 1 - share, all: 0.75 },
    { rule: 'FA', best: share, all: 0.25 },
  ]);
});

test('too few trials have no shares', () => {
  const search = makeCompletedSearch(spec('maximize', 'accuracy'));
  expect(ruleShares(makeResult({ search, records: records.slice(1) }))).toEqual([]);
});
