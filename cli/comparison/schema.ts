// A final network beside its controls, as result.json holds it.
import { z } from 'zod';
import { Control } from '../../crds/index.ts';

/** Accuracies are on the test pictures, in [0, 1]. */
const Trainings = z.object({
  trials: z.array(z.string()).describe('Names of its trials.'),
  trained: z.int().min(0).describe('Trials that were trained and tested.'),
  diverged: z.int().min(0).describe('Trials whose loss left the finite numbers.'),
  failed: z.int().min(0).describe('Trials that failed.'),
  unfinished: z.int().min(0).describe('Trials that had not ended.'),
  mean: z.number().optional().describe('Mean test accuracy of those trained.'),
  standardDeviation: z
    .number()
    .min(0)
    .optional()
    .describe('Sample standard deviation of the test accuracies; absent of fewer than two.'),
});

const Variant = z.object({
  kind: Control.shape.kind,
  name: z
    .string()
    .describe('Which of its kind; draws of one kind are one variant: random, shuffled.'),
  draws: z.int().min(0).describe('Networks that it is made of: 1, but for random and shuffled.'),
  ...Trainings.shape,
  difference: z
    .object({
      seeds: z.int().min(1).describe('Seeds with which both were trained.'),
      mean: z
        .number()
        .describe('Mean over seeds of the accuracy of the network minus that of the variant.'),
      interval: z
        .object({
          low: z.number().describe('Lower end.'),
          high: z.number().describe('Upper end.'),
        })
        .optional()
        .describe('95 % bootstrap interval of that mean; absent of fewer than two seeds.'),
    })
    .optional()
    .describe('Paired by seed; of several draws their mean with a seed counts.'),
  claim: z.string().describe('What may be claimed, a sentence for people.'),
});
export type Variant = z.infer<typeof Variant>;

export const Comparison = z.object({
  trial: z.string().describe('Name of the final network: its first trial.'),
  index: z.int().min(0).describe('Index of the search trial that found it.'),
  genotype: z.string().describe('Canonical text.'),
  ...Trainings.shape,
  variants: z.array(Variant).describe('Its controls.'),
});
export type Comparison = z.infer<typeof Comparison>;
