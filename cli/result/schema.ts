// result.json: what a search left behind, for programs. docs/result.md is written from this schema.
import { z } from 'zod';
import {
  BioNASSearchSpec,
  Control,
  EpochMetrics,
  RungSummary,
  TrialResult,
} from '../../crds/index.ts';
import { TrialRecord } from '../../operator/reconcilers/index.ts';
import { Comparison } from '../comparison/index.ts';

const Time = z.iso.datetime();
const Artifacts = z.record(z.string(), z.string());

export const TRIAL_STATES = [
  'Waiting',
  'Running',
  'Paused',
  'Trained',
  'Diverged',
  'Infeasible',
  'Failed',
] as const;

export const ResultTrial = z.object({
  name: z.string().describe('Name of the trial.'),
  index: z.int().min(0).describe('Place in the search, from 0; final trials come after the rest.'),
  purpose: z.enum(['Search', 'Final']).describe('To steer the search, or to be its outcome.'),
  control: Control.optional().describe(
    'Of a final trial that is no searched network but a control of one, the one of the same parent.',
  ),
  state: z
    .enum(TRIAL_STATES)
    .describe(
      'Waiting, Running and Paused (at a rung): it had not ended when this file was written. Infeasible: outside of spec.constraints; without epochs where that was known before the first step.',
    ),
  genotype: z
    .string()
    .describe('Canonical text of the network; of a supernet that has not ended, its number.'),
  hash: z.string().length(64).describe('SHA-256 of the canonical text.'),
  parent: z.int().min(0).optional().describe('Index of the trial it was varied from.'),
  variation: z.string().optional().describe('What was varied, for people.'),
  seed: z.int().min(0).describe('Seed of weights, order and augmentation.'),
  score: z
    .number()
    .optional()
    .describe('Value of the first objective; absent where it has none, as final trials.'),
  objectives: z
    .array(z.number())
    .optional()
    .describe('One value an objective, in the order of spec.objectives.'),
  violation: TrialRecord.shape.violation,
  metrics: TrialResult.shape.metrics
    .optional()
    .describe('Accuracy and loss on held-out pictures, test accuracy, parameters, MACs, rates.'),
  cost: z
    .object({
      deviceSeconds: z.number().min(0).describe('Running time of its Pods times devices.'),
      attempts: z.int().min(0).describe('Pods it took; 0 where none has started.'),
    })
    .describe('What it took.'),
  startTime: Time.optional().describe('When its first Pod ran.'),
  completionTime: Time.optional().describe('When it ended.'),
  reason: z.string().optional().describe('How it ended, one word for programs.'),
  message: z.string().optional().describe('How it ended, a sentence for people.'),
  epochs: z.array(EpochMetrics).describe('Learning curve, one entry an epoch.'),
  supernet: TrialResult.shape.supernet.describe('Of a supernet: what it derived, and its size.'),
  alignment: TrialResult.shape.alignment.describe(
    'How far its learning rules are from backpropagation at the end; by layer and epoch in alignment.jsonl.',
  ),
  robustness: TrialResult.shape.robustness.describe(
    'How it stood up to attacks (final trials, where spec.final.robustness asks).',
  ),
  artifacts: Artifacts.describe('Name to file: model.onnx, genotype.json, checkpoint, log.'),
});
export type ResultTrial = z.infer<typeof ResultTrial>;

export const RankedResult = z.object({
  trial: z.string().describe('Name of the trial.'),
  index: z.int().min(0).describe('Its place in the search.'),
  genotype: z.string().describe('Canonical text.'),
  score: z.number().optional().describe('Value of the first objective.'),
  testAccuracy: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('On the test pictures; of several seeds the mean.'),
  parameters: z.int().min(0).optional().describe('Trained numbers.'),
  macs: z.int().min(0).optional().describe('Multiply-accumulates of one picture forward.'),
});
export type RankedResult = z.infer<typeof RankedResult>;

/** Files lie where they are named; a relative name starts at the directory of result.json. */
export const SearchResult = z.object({
  apiVersion: z.literal('bionas.dev/v1alpha1').describe('Version of this format.'),
  kind: z.literal('SearchResult').describe('What this file is.'),
  search: z
    .object({
      name: z.string().describe('Name of the search.'),
      namespace: z.string().describe('Its namespace.'),
      uid: z.string().describe('Differs from that of every other search of the same name.'),
    })
    .describe('Which search.'),
  state: z
    .enum(['Completed', 'Failed', 'Interrupted'])
    .describe('Interrupted: it can be resumed, and this is what it had by then.'),
  reason: z.string().describe('Why it ended, one word for programs.'),
  message: z.string().describe('Why it ended, a sentence for people.'),
  seed: z.int().min(0).describe('Seed of the whole search.'),
  spec: BioNASSearchSpec.describe('The BioNASSearch, with defaults filled in.'),
  startTime: Time.optional().describe('First proposal.'),
  completionTime: Time.optional().describe('End; absent where it was interrupted.'),
  writeTime: Time.describe('When this file was written.'),
  counts: z
    .object({
      proposed: z.int().min(0).describe('Search trials ever proposed.'),
      trained: z
        .int()
        .min(0)
        .describe('Search trials that trained, the infeasible ones not among them.'),
      diverged: z.int().min(0).describe('Search trials whose loss left the finite numbers.'),
      infeasible: z
        .int()
        .min(0)
        .default(0)
        .describe('Search trials outside of spec.constraints, trained or not.'),
      failed: z.int().min(0).describe('Search trials that failed.'),
      unfinished: z.int().min(0).describe('Trials, final ones among them, that had not ended.'),
    })
    .describe('Counts of trials.'),
  cost: z
    .object({
      deviceSeconds: z
        .number()
        .min(0)
        .describe('Running time of all Pods together, times devices.'),
      wallSeconds: z
        .number()
        .min(0)
        .describe('From first proposal to end, pauses between two runs included.'),
    })
    .describe('What the search took.'),
  trials: z.array(ResultTrial).describe('Every trial, by index.'),
  best: z
    .array(RankedResult)
    .describe('Feasible search trials with a score, best first, 10 at most.'),
  pareto: z
    .array(RankedResult)
    .default([])
    .describe(
      'Feasible search trials that none beats in every objective, best in the first one first, 20 at most; with several objectives only.',
    ),
  final: z
    .array(RankedResult)
    .describe('Networks trained anew and tested, best test accuracy first.'),
  rungs: z
    .array(RungSummary)
    .default([])
    .describe('What came to each rung, where a scheduler pauses trials; fewest epochs first.'),
  comparisons: z
    .array(Comparison)
    .default([])
    .describe('Final networks beside their controls, where there are several seeds or controls.'),
  artifacts: Artifacts.describe(
    'Name to file: report, ledger, and of the winner model.onnx, genotype.json, checkpoint.',
  ),
});
export type SearchResult = z.infer<typeof SearchResult>;
