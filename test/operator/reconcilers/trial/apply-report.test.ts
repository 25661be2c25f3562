import { expect, test } from 'vitest';
import { applyReport } from '../../../../operator/reconcilers/trial/apply-report.ts';
import { emptyStatus } from '../../../../operator/reconcilers/trial/status.ts';
import {
  failureReport,
  makeReport,
  makeResult,
  makeTrial,
  resultReport,
} from '../../../builders/objects.ts';

const fresh = emptyStatus();
const first = makeResult({ accuracy: 0.8 });
const second = makeResult({ accuracy: 0.1 });
const failure = { reason: 'TrainerFailed', message: 'no' };
const atAttempt1 = makeTrial().atAttempt(1).object.status ?? fresh;
const progress = { epoch: 0, epochs: 1, step: 1, steps: 9 };

test.each([
  ['a result is taken', [resultReport(first)], { result: first }],
  ['a result that comes twice', [resultReport(first), resultReport(first)], { result: first }],
  [
    'a liar who sends another result',
    [resultReport(first), resultReport(second)],
    { result: first },
  ],
  [
    'a failure after the result, out of order',
    [resultReport(first), failureReport('no')],
    { result: first },
  ],
  [
    'a failure before the result',
    [failureReport('no'), resultReport(first)],
    { result: first, failure },
  ],
  ['the last failure counts', [failureReport('why'), failureReport('no')], { failure }],
])('%s', (_story, reports, expected) => {
  expect(reports.reduce(applyReport, fresh)).toEqual({ ...fresh, ...expected });
});

test.each([
  ['a result of an attempt that was replaced counts', resultReport(first, 0), { result: first }],
  ['a result of an attempt to come counts', resultReport(first, 2), { result: first }],
  ['a failure of an attempt that was replaced does not', failureReport('late', 0), {}],
  ['a failure of an attempt to come does not', failureReport('early', 2), {}],
  ['a failure of this attempt does', failureReport('no', 1), { failure }],
])('at attempt 1, %s', (_story, report, expected) => {
  expect(applyReport(atAttempt1, report)).toEqual({ ...atAttempt1, ...expected });
});

test('progress changes no object', () => {
  expect(applyReport(fresh, makeReport({ kind: 'progress', progress }))).toBe(fresh);
});
