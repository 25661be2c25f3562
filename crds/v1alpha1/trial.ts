// A Trial: one network, trained once. The operator writes the spec and changes nothing of it but how far to train; the trainer's
// reports fill the status.
import { z } from 'zod';
import { unchangedField } from '../immutable.ts';
import { rulesOf } from '../rules.ts';
import { Checkpoints } from './checkpoints.ts';
import { Conditions } from './conditions.ts';
import { colorJitterRule, Dataset, resizedCropRule } from './dataset.ts';
import { Control } from './final.ts';
import { Measures } from './measurement.ts';
import { namedUpTo, PodTemplate } from './metadata.ts';
import { Constraints } from './objective.ts';
import { supernetPrecisionRule } from './precision.ts';
import { TrialResult } from './report.ts';
import { Robustness } from './robustness.ts';
import { FixedNetwork } from './search-space.ts';
import { Sharing } from './sharing.ts';
import { Stopping } from './stopping.ts';
import { Supernet } from './supernet.ts';
import { Training } from './training.ts';
import { equalPartsRule, oneWorkerRule } from './workers.ts';

export const NetworkShape = z.object({
  cells: z.int().min(1).max(60).optional().describe('Cells in all (darts) or a stage (nb201).'),
  channels: z.int().min(1).max(1024).describe('Channels of the first stage.'),
  network: FixedNetwork.optional().describe('The fixed network.'),
});
export type NetworkShape = z.infer<typeof NetworkShape>;

const TrialFields = z.object({
  search: z.string().min(1).max(253).describe('Name of the search that asked for it.'),
  index: z.int().min(0).max(10_000_000).describe('Place in the search, from 0.'),
  kind: z.enum(['Train', 'Supernet']).default('Train').describe('What is trained.'),
  purpose: z.enum(['Search', 'Final']).describe('To steer the search, or to be its outcome.'),
  control: Control.optional().describe(
    'Of a final trial that is no searched network but a control of one, the one of the same parent.',
  ),
  genotype: z
    .string()
    .min(1)
    .max(8192)
    .describe('Canonical text of the network; of a supernet, its number: `supernet 0`.'),
  supernet: Supernet.optional().describe('What the supernet mixes, where kind is Supernet.'),
  parent: z
    .int()
    .min(0)
    .max(10_000_000)
    .optional()
    .describe('Index of the trial it was varied from.'),
  variation: z.string().max(256).optional().describe('What was varied, for people.'),
  proposedAfter: z
    .int()
    .min(0)
    .max(10_000_000)
    .describe('Results the search knew when it proposed this one; lets a restart replay.'),
  seed: z.int().min(0).max(4_294_967_295).describe('Seed of weights, order and augmentation.'),
  shape: NetworkShape.describe('Size of the network.'),
  dataset: Dataset.describe('The pictures.'),
  training: Training.describe('The recipe, resolved.'),
  fidelity: z
    .object({
      epochs: z.int().min(1).max(100_000).describe('Epochs to train now, of training.epochs.'),
      pause: z
        .boolean()
        .optional()
        .describe(
          'true: the trial then waits with its checkpoint, without a Pod, until epochs are raised or this becomes false; else it has ended.',
        ),
    })
    .describe('How far to train; the schedule is always that of training.epochs.'),
  robustness: Robustness.optional().describe('Attacks on the network once it is trained.'),
  stopping: Stopping.optional().describe('When to end before that.'),
  measures: Measures.optional().describe('What is measured because its search asks for it.'),
  constraints: Constraints.optional().describe(
    'Of its search: where what is known before the first step is outside of them, nothing is trained.',
  ),
  cancel: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Why the search ends the trial where it is: there is no budget left for it.'),
  checkpoints: Checkpoints.optional().describe('Of its search, where they are not the usual.'),
  sharing: Sharing.optional().describe('Of its search, where trainers share devices.'),
  template: PodTemplate.optional().describe('Pod template of the trainer.'),
});

/** What may change of a Trial: how far it trains, and that it is to end. */
const GROWING: readonly string[] = ['fidelity', 'cancel'];

const TrialRules = TrialFields.meta({
  // One writer: the API server need not note who owns which field, which was half of the object.
  'x-kubernetes-map-type': 'atomic',
  'x-kubernetes-validations': [
    {
      rule: Object.entries(TrialFields.shape)
        .filter(([name]) => !GROWING.includes(name))
        .map(([name, field]) => unchangedField(name, field))
        .join(' && '),
      message: 'the spec of a Trial is immutable: let its search propose another',
    },
    {
      rule: 'self.fidelity.epochs >= oldSelf.fidelity.epochs',
      message: 'fidelity.epochs is only ever raised: what is trained is trained',
      fieldPath: '.fidelity.epochs',
    },
    {
      rule: '!has(oldSelf.cancel) || has(self.cancel)',
      message: 'cancel is final: the trial may have ended by it',
    },
    {
      rule: "(self.kind == 'Supernet') == has(self.supernet)",
      message: 'supernet is required where kind is Supernet, and only there',
      fieldPath: '.supernet',
    },
    {
      rule: "(self.kind == 'Supernet') == self.genotype.startsWith('supernet ')",
      message:
        'the genotype of a Supernet is its number, such as supernet 0; other Trials have a network',
      fieldPath: '.genotype',
    },
    {
      rule: "self.kind != 'Supernet' || (self.purpose == 'Search' && !has(self.robustness))",
      message: 'a supernet is searched in: its purpose is Search, and nothing attacks it',
    },
    supernetPrecisionRule("self.kind == 'Supernet'"),
    oneWorkerRule('template', "self.kind == 'Supernet'"),
    equalPartsRule('template', 'training.batchSize'),
    resizedCropRule('training.augmentation'),
    colorJitterRule('training.augmentation'),
    {
      rule: "(self.kind == 'Train' && self.purpose == 'Search') || !(has(self.measures) || has(self.constraints))",
      message:
        'networks of a search alone are measured and ruled out: a final one would be by its test pictures',
    },
    {
      rule: 'self.fidelity.epochs <= self.training.epochs',
      message: 'fidelity.epochs is at most training.epochs',
      fieldPath: '.fidelity.epochs',
    },
  ],
});

/** The parse also holds the rules between fields. */
export const TrialSpec = TrialRules.superRefine(rulesOf(TrialRules));
export type TrialSpec = z.infer<typeof TrialSpec>;

/** A pause, and what the network was worth then. */
export const Rung = z.object({
  epochs: z.int().min(1).describe('Epochs trained.'),
  attempt: z
    .int()
    .min(0)
    .describe('Last Pod that may speak of it; what a later one finds is of the next rung.'),
  time: z.string().max(64).meta({ format: 'date-time' }).describe('When its result came.'),
  metrics: TrialResult.shape.metrics,
});
export type Rung = z.infer<typeof Rung>;

export const TrialStatus = z.object({
  observedGeneration: z.int().min(0).optional().describe('Generation that the status speaks of.'),
  conditions: Conditions.default([]).describe('Running, Paused, Succeeded, Failed.'),
  attempt: z.int().min(0).default(0).describe('Pod in use, from 0.'),
  retries: z.int().min(0).default(0).describe("Attempts that ended by the trial's own fault."),
  startTime: z
    .string()
    .max(64)
    .meta({ format: 'date-time' })
    .optional()
    .describe('First Pod running.'),
  completionTime: z.string().max(64).meta({ format: 'date-time' }).optional().describe('End.'),
  deviceSeconds: z.number().min(0).default(0).describe('Running time of all Pods times devices.'),
  failure: z
    .object({
      reason: z.string().max(64).describe('One word for programs.'),
      message: z.string().max(32_768).describe('What the trainer said.'),
    })
    .optional()
    .describe('Last failure that the trainer of this attempt reported.'),
  result: TrialResult.optional().describe(
    'Outcome; of a paused trial, of what it has trained so far.',
  ),
  rungs: z
    .array(Rung)
    .max(32)
    .optional()
    .describe('Where it paused, in this order; the last one may be where it waits now.'),
});
export type TrialStatus = z.infer<typeof TrialStatus>;

export const Trial = z.object({
  apiVersion: z.literal('bionas.dev/v1alpha1'),
  kind: z.literal('Trial'),
  metadata: namedUpTo(63),
  spec: TrialSpec.describe('What is to be trained.'),
  status: TrialStatus.optional().describe('What came of it.'),
});
export type Trial = z.infer<typeof Trial>;
