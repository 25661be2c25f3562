// Conditions (metav1.Condition) and every reason that ours may carry: programs may rely on these words.
import { z } from 'zod';

export const Condition = z.object({
  type: z.string().max(316).describe('Aspect that the condition speaks of.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: z.int().min(0).optional().describe('Generation of the spec that was judged.'),
  lastTransitionTime: z
    .string()
    .max(64)
    .meta({ format: 'date-time' })
    .describe('When status last changed.'),
  reason: z.string().max(1024).describe('One word for programs.'),
  message: z.string().max(32_768).describe('A sentence for people.'),
});
export type Condition = z.infer<typeof Condition>;

/** One condition a type. */
export const Conditions = z
  .array(Condition)
  .max(16)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] });

export const SEARCH_CONDITIONS = [
  'Ready',
  'Completed',
  'Failed',
  'Suspended',
  'NodeTrouble',
] as const;
export type SearchCondition = (typeof SEARCH_CONDITIONS)[number];

export const SEARCH_REASONS = [
  'Searching',
  'Finalizing',
  'BudgetSpent',
  'TargetReached',
  'SpaceExhausted',
  'TooManyFailures',
  'FinalFailed',
  'NoneFeasible',
  'InvalidSpec',
  'WarmStartPending',
  'WarmStartFailed',
  'Suspended',
  'NodesAvoided',
  'NoneAvoided',
] as const;
export type SearchReason = (typeof SEARCH_REASONS)[number];

export const TRIAL_CONDITIONS = ['Running', 'Paused', 'Succeeded', 'Failed'] as const;
export type TrialCondition = (typeof TRIAL_CONDITIONS)[number];

export const TRIAL_REASONS = [
  'Pending',
  'Training',
  'Trained',
  'Diverged',
  'Infeasible',
  'Interrupted',
  'InvalidInput',
  'TrainerFailed',
  'OutOfMemory',
  'DeviceUnavailable',
  'WorkerLost',
  'Suspended',
  'Paused',
  'Promoted',
  'NotPromoted',
  'StoppedEarly',
  'Queued',
  'Unschedulable',
  'ImagePullFailed',
  'NotStarted',
  'Silent',
  'Refused',
  'BudgetSpent',
] as const;
export type TrialReason = (typeof TRIAL_REASONS)[number];
