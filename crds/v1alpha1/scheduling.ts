// How long each search trial trains: which scheduler decides, and its settings. What each does: docs/scheduling.md.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';

/** Those that pause trials at rungs and promote the best of each. */
const PAUSING = ['asha', 'successive-halving', 'hyperband'] as const;
/** Those that may end a trial early. */
const STOPPING = ['median-stop', 'plateau-stop'] as const;

/** Epochs that median-stop compares one by one, at most: as many as a result carries. */
export const EPOCHS_COMPARED = 300;

const takenBy = (setting: string, names: readonly string[]): ValidationRule => ({
  rule: `!has(self.${setting}) || self.name in [${names.map((name) => `'${name}'`).join(', ')}]`,
  message: `${setting} is a setting of ${names.join(', ')}`,
  fieldPath: `.${setting}`,
});

export const Scheduling = z
  .object({
    name: z
      .enum(['none', ...PAUSING, ...STOPPING])
      .default('none')
      .describe(
        'Who decides how long a search trial trains; none: training.epochs, every one of them.',
      ),
    minEpochs: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'Epochs that every trial trains at least (asha, successive-halving, hyperband, default 1; median-stop, plateau-stop, default 3). Where FA, DFA or DRTP are searched, which start slowly, at least 3.',
      ),
    eta: z
      .int()
      .min(2)
      .max(10)
      .optional()
      .describe(
        'One in eta is promoted, to eta times the epochs (asha, successive-halving, hyperband, default 3).',
      ),
    networks: z
      .int()
      .min(2)
      .max(100_000)
      .optional()
      .describe(
        'Networks that begin together (successive-halving; default: as many as leave one at the end).',
      ),
    others: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe('Ended trials to compare with, at least (median-stop, default 3).'),
    patience: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Epochs without gain that end a trial (plateau-stop, default 5).'),
    minDelta: z
      .number()
      .min(0)
      .max(1e6)
      .optional()
      .describe('What counts as a gain, in the first objective (plateau-stop, default 0.001).'),
  })
  .meta({
    'x-kubernetes-validations': [
      takenBy('minEpochs', [...PAUSING, ...STOPPING]),
      takenBy('eta', PAUSING),
      takenBy('networks', ['successive-halving']),
      takenBy('others', ['median-stop']),
      takenBy('patience', ['plateau-stop']),
      takenBy('minDelta', ['plateau-stop']),
    ],
  });
export type Scheduling = z.infer<typeof Scheduling>;

/** Rules of a search between its scheduling and the rest of its spec. */
export const SCHEDULING_RULES: readonly ValidationRule[] = [
  {
    rule: "self.scheduling.name == 'none' || self.objectives[0].metric == 'accuracy' || self.objectives[0].metric == 'loss'",
    message:
      'scheduling compares networks that are not trained to the end: the first objective is accuracy or loss',
    fieldPath: '.scheduling.name',
  },
  {
    rule: `!(self.scheduling.name in [${PAUSING.map((name) => `'${name}'`).join(', ')}]) || (has(self.scheduling.minEpochs) ? self.scheduling.minEpochs : 1) < self.training.epochs`,
    message:
      'the first rung comes before the end: scheduling.minEpochs is less than training.epochs',
    fieldPath: '.scheduling',
  },
  {
    rule: `self.scheduling.name != 'median-stop' || self.training.epochs <= ${EPOCHS_COMPARED}`,
    message: `median-stop compares epoch by epoch: training.epochs is at most ${EPOCHS_COMPARED}`,
    fieldPath: '.scheduling.name',
  },
];

/** What came to one rung of a search, brackets together. */
export const RungSummary = z.object({
  epochs: z.int().min(1).describe('Epochs that trials have trained when they come to it.'),
  trials: z.int().min(0).describe('Trials that came to it.'),
  promoted: z.int().min(0).describe('Of these, those that went on.'),
  best: z.number().optional().describe('Best value of the first objective at this rung.'),
});
export type RungSummary = z.infer<typeof RungSummary>;
