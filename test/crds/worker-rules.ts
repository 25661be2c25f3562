// Rules of trials with several workers, a case each.
import type { RuleCase } from './robustness-rules.ts';

const supernet = {
  searchSpace: { kind: 'darts', conversion: 'partial' },
  algorithm: { name: 'darts' },
};
const ofBatch = (workers: number, batchSize: number, final: object = {}) => ({
  trialTemplate: { workers, spec: {} },
  training: { batchSize },
  final: { topK: 1, ...final },
});

export const WORKER_SEARCH_CASES: readonly RuleCase[] = [
  {
    good: { ...supernet, trialTemplate: { workers: 1 } },
    bad: { ...supernet, trialTemplate: { workers: 2 } },
    path: 'spec.trialTemplate.workers',
    message: 'a supernet is trained by one worker: trialTemplate.workers is 1',
  },
  {
    good: ofBatch(3, 48),
    bad: ofBatch(3, 64),
    path: 'spec.training.batchSize',
    message:
      'each worker has an equal part of a batch: training.batchSize is a multiple of trialTemplate.workers',
  },
  {
    good: ofBatch(4, 64, { training: { batchSize: 32 } }),
    bad: ofBatch(4, 64, { training: { batchSize: 30 } }),
    path: 'spec.final.training.batchSize',
    message:
      'each worker has an equal part of a batch: final.training.batchSize is a multiple of trialTemplate.workers',
  },
];

const ofTrial = (workers: number, batchSize: number) => ({
  template: { workers },
  training: { batchSize },
});

export const WORKER_TRIAL_CASES: readonly RuleCase[] = [
  {
    good: ofTrial(2, 64),
    bad: ofTrial(2, 63),
    path: 'spec.training.batchSize',
    message:
      'each worker has an equal part of a batch: training.batchSize is a multiple of template.workers',
  },
];
