// Rules between training.precision or training.device and the rest of a search or Trial, a case each.
import type { RuleCase } from './robustness-rules.ts';

const NEEDING =
  'PEPITA and PC learn by differences that lower precision rounds away: precision is float32, without tensorFloat32';
const UNSCALED = 'the loss of a supernet is not scaled: precision is float32 or bfloat16';
const path = 'spec.training.precision';

const search = (precision: string, rule: string, tensorFloat32 = false) => ({
  searchSpace: { kind: 'nb201', learningRules: ['BP', rule] },
  training: { precision, device: { tensorFloat32 } },
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

const sharing = (perDevice: number, memory: string) => ({
  sharing: { perDevice },
  training: { device: { memory } },
});

export const PRECISION_SEARCH_CASES: readonly RuleCase[] = [
  {
    good: search('float32', 'PC'),
    bad: search('bfloat16', 'PC'),
    path,
    message: NEEDING,
  },
  {
    good: search('float32', 'FA', true),
    bad: search('float32', 'PC', true),
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
  {
    good: sharing(1, 'whole'),
    bad: sharing(2, 'whole'),
    path: 'spec.training.device.memory',
    message: 'trainers that share a device take its memory as they need it: memory is growing',
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
