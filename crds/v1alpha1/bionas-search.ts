// A BioNASSearch: what to look for, among what, for how much. The object a user writes.
import { z } from 'zod';
import { unchangedField } from '../immutable.ts';
import { rulesOf } from '../rules.ts';
import type { ValidationRule } from '../structural-schema.ts';
import { Algorithm } from './algorithm.ts';
import { Budget } from './budget.ts';
import { Checkpoints } from './checkpoints.ts';
import { Conditions } from './conditions.ts';
import { colorJitterRule, Dataset, resizedCropRule } from './dataset.ts';
import { DEVICE_RULE } from './device.ts';
import { Final } from './final.ts';
import { Measurement } from './measurement.ts';
import { namedUpTo, PodTemplate } from './metadata.ts';
import { Constraints, Objective } from './objective.ts';
import { PRECISION_RULE } from './precision.ts';
import { Retry } from './retry.ts';
import { RungSummary, SCHEDULING_RULES, Scheduling } from './scheduling.ts';
import { SearchSpace } from './search-space.ts';
import { ManagedBy, Sharing } from './sharing.ts';
import { SUPERNET_SEARCH_RULES } from './supernet-rules.ts';
import { Training } from './training.ts';
import { WarmStart } from './warm-start.ts';
import { equalPartsRule } from './workers.ts';

const SearchFields = z.object({
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('Seed of the whole search.'),
  suspend: z
    .boolean()
    .default(false)
    .describe('true: start nothing and end what runs after its checkpoint.'),
  objectives: z
    .array(Objective)
    .min(1)
    .max(3)
    .default([{ metric: 'accuracy', goal: 'maximize' }])
    .meta({
      'x-kubernetes-validations': [
        {
          rule: 'self.all(a, self.exists_one(b, b.metric == a.metric))',
          message: 'a metric is one objective only',
        },
      ],
    })
    .describe('What is better. The first one ranks.'),
  constraints: Constraints.default([]).describe(
    'What a network must be to count at all: feasible ones come before all others, and those before the ones that are further outside.',
  ),
  measurement: Measurement.prefault({}).describe(
    'How robustAccuracy and latency are measured, where an objective or a constraint names them.',
  ),
  searchSpace: SearchSpace.describe('Networks that may be proposed.'),
  dataset: Dataset.describe('Pictures.'),
  training: Training.prefault({}).describe('Recipe of a search trial.'),
  algorithm: Algorithm.prefault({}).describe('How networks are proposed.'),
  scheduling: Scheduling.prefault({}).describe('How long each search trial trains.'),
  warmStart: WarmStart.optional().describe('Networks to begin with.'),
  budget: Budget.prefault({}).describe('What the search may spend.'),
  parallelism: z.int().min(1).max(100_000).default(1).describe('Trials at once.'),
  retry: Retry.prefault({}).describe('What becomes of trials that fail by their own fault.'),
  checkpoints: Checkpoints.prefault({}).describe(
    'Where trainers keep what outlives them, how many checkpoints and how often.',
  ),
  sharing: Sharing.prefault({}).describe('Whether trainers have their devices for themselves.'),
  managedBy: ManagedBy.optional().describe(
    'Who carries the search out: another value than bionas.dev/operator, and the operator leaves it and its Trials alone.',
  ),
  final: Final.prefault({}).describe(
    'The last stage: the best networks, trained on all training pictures and tested.',
  ),
  history: z
    .object({
      keep: z
        .int()
        .min(0)
        .max(10_000)
        .default(100)
        .describe('Finished Trial objects to keep; older ones live in the ledger only.'),
    })
    .prefault({})
    .describe('How much of the past stays in the API.'),
  trialTemplate: PodTemplate.optional().describe(
    'Pod template of the trainers; unknown fields pass unchanged.',
  ),
});

/** What may change while a search runs. All else would make its history a lie. */
export const MUTABLE_FIELDS = ['budget', 'parallelism', 'retry', 'suspend'] as const;

const SearchRules = SearchFields.meta({
  'x-kubernetes-validations': [
    ...Object.entries(SearchFields.shape)
      .filter(([name]) => !(MUTABLE_FIELDS as readonly string[]).includes(name))
      .map(([name, field]) => unchanged(name, field)),
    ...SUPERNET_SEARCH_RULES,
    {
      rule: 'self.parallelism <= self.budget.trials',
      message: 'parallelism is at most budget.trials',
      fieldPath: '.parallelism',
    },
    {
      rule: 'self.final.topK <= self.budget.trials',
      message: 'final.topK is at most budget.trials',
      fieldPath: '.final.topK',
    },
    {
      rule: "self.searchSpace.kind != 'fixed' || !self.final.controls.conversion",
      message: 'every layer of a fixed network has a rule: it has no other conversion',
      fieldPath: '.final.controls.conversion',
    },
    PRECISION_RULE,
    DEVICE_RULE,
    resizedCropRule('training.augmentation'),
    colorJitterRule('training.augmentation'),
    resizedCropRule('final.training.augmentation', 'has(self.final.training.augmentation)'),
    colorJitterRule('final.training.augmentation', 'has(self.final.training.augmentation)'),
    equalPartsRule('trialTemplate', 'training.batchSize'),
    equalPartsRule(
      'trialTemplate',
      'final.training.batchSize',
      'has(self.final.training.batchSize)',
    ),
    ...SCHEDULING_RULES,
  ],
});

/** The parse also holds the rules between fields; what may change is the API server's to watch (violations). */
export const BioNASSearchSpec = SearchRules.superRefine(rulesOf(SearchRules));
export type BioNASSearchSpec = z.infer<typeof BioNASSearchSpec>;

function unchanged(name: string, field: z.ZodType): ValidationRule {
  return {
    rule: unchangedField(name, field),
    message: `${name} is immutable: create another search with the ${name} you want`,
    // A field that was taken away cannot be blamed.
    ...(field instanceof z.ZodOptional ? {} : { fieldPath: `.${name}` }),
  };
}

export const RankedTrial = z.object({
  trial: z.string().max(253).describe('Name of the Trial.'),
  index: z.int().min(0).describe('Place in the search.'),
  genotype: z.string().max(8192).describe('Canonical text.'),
  objectives: z.array(z.number()).max(3).describe('One value an objective.'),
  parameters: z.int().min(0).optional().describe('Trained numbers.'),
  testAccuracy: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Accuracy on the test pictures; of several seeds their mean.'),
});
export type RankedTrial = z.infer<typeof RankedTrial>;

export const BioNASSearchStatus = z.object({
  observedGeneration: z.int().min(0).optional().describe('Generation that the status speaks of.'),
  phase: z
    .enum(['Pending', 'Searching', 'Finalizing', 'Suspended', 'Completed', 'Failed'])
    .default('Pending')
    .describe('Where the search stands, in a word for people; programs read conditions.'),
  conditions: Conditions.default([]).describe(
    'Ready, Completed, Failed, Suspended; NodeTrouble once nodes were avoided.',
  ),
  startTime: z
    .string()
    .max(64)
    .meta({ format: 'date-time' })
    .optional()
    .describe('First proposal.'),
  completionTime: z.string().max(64).meta({ format: 'date-time' }).optional().describe('End.'),
  trials: z
    .object({
      proposed: z.int().min(0).default(0).describe('Search trials ever proposed.'),
      running: z
        .int()
        .min(0)
        .default(0)
        .describe('Live trials, those that wait for a place included, paused ones not.'),
      succeeded: z
        .int()
        .min(0)
        .default(0)
        .describe(
          'Search trials that have ended without failing, diverged and infeasible ones included.',
        ),
      infeasible: z
        .int()
        .min(0)
        .optional()
        .describe('Of the succeeded, those outside of spec.constraints; where there are any.'),
      failed: z.int().min(0).default(0).describe('Failed search trials.'),
      paused: z
        .int()
        .min(0)
        .optional()
        .describe('Search trials that wait at a rung, without a Pod.'),
    })
    .prefault({})
    .describe('Counts.'),
  deviceSeconds: z
    .number()
    .min(0)
    .default(0)
    .describe('Device time used: run time of Pods that ended, times devices.'),
  reservedDeviceSeconds: z
    .number()
    .min(0)
    .optional()
    .describe(
      'Device time that outstanding trials and the final stage are expected to take yet, where budget.gpuHours is set.',
    ),
  best: z
    .array(RankedTrial)
    .max(10)
    .default([])
    .describe('Best feasible search trials, best first.'),
  pareto: z
    .array(RankedTrial)
    .max(20)
    .default([])
    .describe(
      'Feasible search trials that none beats in every objective, best first; with several objectives only.',
    ),
  final: z.array(RankedTrial).max(10).default([]).describe('Final networks, best first.'),
  rungs: z
    .array(RungSummary)
    .max(32)
    .optional()
    .describe('What came to each rung, where a scheduler pauses trials; fewest epochs first.'),
});
export type BioNASSearchStatus = z.infer<typeof BioNASSearchStatus>;

export const BioNASSearch = z.object({
  apiVersion: z.literal('bionas.dev/v1alpha1'),
  kind: z.literal('BioNASSearch'),
  // Trials are named after their search, with up to 11 characters more (-f0-c03-s19); 63 are a label's limit.
  metadata: namedUpTo(52),
  spec: BioNASSearchSpec.describe('What is wanted.'),
  status: BioNASSearchStatus.optional().describe('What is.'),
});
export type BioNASSearch = z.infer<typeof BioNASSearch>;
