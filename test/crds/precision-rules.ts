// Rules between training.precision and the rest of a search or Trial, a case each.
import type { RuleCase } from './robustness-rules.ts';

const NEEDING =
  'PEPITA and PC learn by differences that lower precision rounds away: precision is float32';
const UNSCALED = 'the loss of a supernet is not scaled: precision is float32 or bfloat16';
const path = 'spec.training.precision';

const search = (precision: string, rule: string) => ({
  searchSpace: { kind: 'nb201', learningRules: ['BP', rule] },
  training: { precision },
});
const supernetSearch = (precision: string) => ({
  searchSpace: { kind: 'darts', conversion: 'partial' },
  algorithm: { name: 'darts' },
  training: { precision },
});
const supernetTrial = (precision: string) => ({
  kind: 'Supernet',
  genotype: 'supernet 0',
  supernet: { learningRules: ['FA'] },
  training: { precision },
});

export const PRECISION_SEARCH_CASES: readonly RuleCase[] = [
  {
    good: search('float32', 'PC'),
    bad: search('bfloat16', 'PC'),
    path,
    message: NEEDING,
  },
  {
    good: search('float16', 'DRTP'),
    bad: search('float16', 'PEPITA'),
    path,
    message: NEEDING,
  },
  {
    good: supernetSearch('bfloat16'),
    bad: supernetSearch('float16'),
    path,
    message: UNSCALED,
  },
];

export const PRECISION_TRIAL_CASES: readonly RuleCase[] = [
  {
    good: supernetTrial('bfloat16'),
    bad: supernetTrial('float16'),
    path,
    message: UNSCALED,
  },
];
