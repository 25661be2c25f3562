// The end of a run as a person reads it: what came of it, where it is, what to do next.
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { summaryLines } from '../../../cli/run/summary.ts';
import {
  CELLS,
  condition,
  makeConstrained,
  makeControlledResult,
  makeFailedRecord,
  makeFront,
  makeRecord,
  makeResult,
  makeRunningTrial,
  makeSearch,
  rankedOf,
} from '../../builders/search-result.ts';

const colors = picocolors.createColors(false);
const summary = (result = makeResult(), width?: number) =>
  summaryLines(
    { result, directory: 'runs/night', command: 'bionas run night.yaml' },
    { colors, ...(width === undefined ? {} : { width }) },
  );

test('what is kept in another place is named as it is', () => {
  const artifacts = {
    'model.onnx': 's3://runs/night/x/model.onnx',
    'genotype.json': '/mnt/x.json',
  };
  const lines = summary({ ...makeResult(), artifacts });
  expect(lines).toContain('  model     s3://runs/night/x/model.onnx');
  expect(lines).toContain('  genotype  /mnt/x.json');
});

test('a completed search: ranking, winner, files', () => {
  expect(summary()).toEqual([
    '',
    'rank  trial  accuracy  parameters  MACs    network',
    '1     #1     71.00 %   68.9 k      7.03 M  c1:BP | - c1:FA | c1:BP c1:uSF c3:FA, rest frSF',
    '2     #0     70.00 %   68.9 k      7.03 M  avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP',
    '',
    'winner night-final-0: test accuracy 90.66 %',
    '  - | c3:brSF - | skip - c3:BP, rest BP',
    `  ${CELLS[2]}`,
    expect.stringMatching(/^ {2}Gradient masking at L∞ 8\/255: /),
    '',
    'night completed: 2 of 2 trials were used',
    '  trials    2 trained',
    '  time      30m00s, device time 1m00s',
    '  report    runs/night/report.html',
    '  result    runs/night/result.json',
    '  model     runs/night/trials/night-final-0/model.onnx',
  ]);
});

test('of several objectives: what none beats in all', () => {
  expect(summary(makeFront())).toContain('  front     #1 #0, which none beats in all objectives');
});

test('a winner with seeds and controls: its spread, and what may be claimed', () => {
  const lines = summary(makeControlledResult());
  expect(lines).toContain('winner night-final-0: test accuracy 90.20 ± 0.16 % (5 seeds)');
  const claims = lines.slice(lines.indexOf('what may be claimed'));
  expect(claims.slice(0, 4)).toEqual([
    'what may be claimed',
    expect.stringMatching(
      /^ {2}The network is better than BP throughout by 1\.25 points \(95 % interval 1\.\d+ to 1\.\d+, 5 seeds\)\.$/,
    ),
    expect.stringMatching(
      /^ {2}No claim on frSF throughout, for 4 seeds are too few: .*; left out: of the 5 trainings of the control 1 diverged\.$/,
    ),
    '',
  ]);
});

test('an interrupted search: what there is, and the command that goes on', () => {
  const search = makeSearch({ phase: 'Searching', best: [rankedOf(makeRecord(0))] });
  const records = [makeRecord(0)];
  const lines = summary(makeResult({ search, records, unfinished: [makeRunningTrial(1)] }));
  expect(lines).toContain('  trials    1 trained, 1 unfinished');
  expect(lines.at(-1)).toBe('Resume with: bionas run night.yaml');
});

test('a failed search: why, the logs of its trials, and what to do', () => {
  const conditions = [condition('Failed', 'TooManyFailures', '4 trials failed')];
  const search = makeSearch({ phase: 'Failed', conditions });
  const reasons = ['no data set', 'no data set', 'out of memory', 'odd', 'odder'];
  const records = reasons.map((reason, k) => makeFailedRecord(k, `${reason}\nand a stack`));
  const lines = summary(makeResult({ search, records }));
  expect(lines).toContain('night failed: 4 trials failed');
  expect(lines).toContain('  night-0000 and 1 more: TrainerFailed, no data set');
  expect(lines).toContain('    log: runs/night/logs/night-0000-1.log');
  expect(lines).toContain('  and 1 other reason, in result.json');
  expect(lines.at(-1)).toMatch(/logs in runs\/night\/logs.*bionas run night\.yaml --fresh$/);
});

test('a search with constraints: how many networks were outside', () => {
  const lines = summary(makeConstrained());
  expect(lines).toContain('  trials    1 trained, 2 infeasible');
  expect(lines.find((line) => line.startsWith('1  '))).toMatch(/#2 +25\.00 %/);
});

test('a search in which none was within its constraints: what to widen', () => {
  const conditions = [condition('Failed', 'NoneFeasible', 'none is within')];
  const search = makeSearch({ phase: 'Failed', conditions });
  expect(summary(makeResult({ search, records: [] })).at(-1)).toBe(
    'Widen spec.constraints or search other networks, then start over with: bionas run night.yaml --fresh',
  );
});

test('the ranking is cut to the window', () => {
  const rows = summary(makeResult(), 50).filter((line) => /^\d/.test(line));
  expect(rows.map((row) => row.length)).toEqual([50, 50]);
  expect(rows[0]).toMatch(/…$/);
});
