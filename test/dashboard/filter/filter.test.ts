// A filter's text, and which trials it lets through.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterOf } from '../../../dashboard/filter/index.ts';
import { makeRow, TERMS } from '../../builders/trial-rows.ts';

const ROWS = [
  makeRow(0),
  makeRow(1, { genes: [2, 1, 4], rules: [1, 1], parent: 0, variation: 'edge 0: c3:BP to c1:uSF' }),
  makeRow(2, { genes: [1, 0, 3], rules: [1, 1], deviceSeconds: 700, parameters: 1_600_000 }),
  makeRow(3, { state: 'Failed', reason: 'OutOfMemory', objectives: [], genes: [], rules: [] }),
  makeRow(4, { final: true, testAccuracy: 0.9, control: 'BP' }),
];

const found = (text: string): number[] =>
  ROWS.filter(filterOf(text, TERMS).fits).map(({ index }) => index);

test.each([
  ['', [0, 1, 2, 3, 4]],
  ['state:Trained uSF accuracy>0.7', [1, 2]],
  ['state:trained', [0, 1, 2, 4]],
  ['state!=Trained', [3]],
  ['-state:Trained', [3]],
  ['OutOf', [3]],
  ['#1', [1]],
  ['accuracy>=71% accuracy<=72%', [1, 2]],
  ['accuracy=0.71', [1]],
  ['accuracy!=0.71', [0, 2, 3, 4]],
  ['trial=1|2', [1, 2]],
  ['parameters>1.5M', [2]],
  ['time>10m', [2]],
  ['stage:control', [4]],
  ['test>0.85', [4]],
  ['parent=0', [1]],
  ['uSF>=1', [1, 2]],
  ['0->1:uSF', [1]],
  ['0→1=nor_conv_3x3:BP', [0, 4]],
  ['"normal 0->2":skip', [0, 1, 4]],
  ['normal 0->2:skip', []],
  ['rest=uSF|BP', [1, 2]],
  ['rest=empty', [0, 3, 4]],
  ['0→1=no-rule', [2, 3]],
  ['rest=no-operation', [0, 1, 2, 3, 4]],
  ['nor_conv_1x1:uSF', [1]],
  ['variation:"to c1"', [1]],
  ['-uSF', [0, 3, 4]],
] as const)('%s finds %j', (text, want) => {
  expect(found(text)).toEqual(want);
});

test.each([
  ['colour:red', 'colour:red: there is no field colour'],
  ['accuracy>high', 'accuracy>high: expected a number'],
  ['state>3', 'state>3: state is no number'],
  ['state:', 'state:: a value is missing after :'],
])('%s is told to be wrong, and left out', (text, problem) => {
  const { problems, fits } = filterOf(`${text} trial<2`, TERMS);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
  expect(ROWS.filter(fits)).toHaveLength(2);
});

test('no text breaks it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { fits, problems } = filterOf(text, TERMS);
      expect(ROWS.filter(fits).length).toBeLessThanOrEqual(ROWS.length);
      expect(problems).toEqual(problems.filter((problem) => problem !== ''));
    }),
  );
});

test('a term and the same term refused part the trials between them', () => {
  const term = fc.constantFrom('uSF', 'state:Failed', 'accuracy>0.71', '0→1:uSF', 'trial=2|3');
  fc.assert(
    fc.property(term, (text) => {
      expect([...found(text), ...found(`-${text}`)].toSorted()).toEqual([0, 1, 2, 3, 4]);
    }),
  );
});
