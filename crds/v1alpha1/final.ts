// The last stage of a search: how often its best networks are trained, and with which controls they are compared.
import { z } from 'zod';
import { LearningRuleName } from './learning-rule.ts';
import { Robustness } from './robustness.ts';
import { TrainingOverrides } from './training.ts';

export const CONTROL_KINDS = ['rule', 'conversion', 'random', 'shuffled'] as const;

/** What sets a control apart from the network that it belongs to: its rules, never its operations or its wiring. */
export const Control = z.object({
  kind: z
    .enum(CONTROL_KINDS)
    .describe(
      'rule: one rule throughout; conversion: the rest of the network converted the other way; random: rules drawn anew; shuffled: its own rules in other places.',
    ),
  name: z.string().max(32).describe('Which of its kind: uSF, rest BP, random 1.'),
});
export type Control = z.infer<typeof Control>;

const Controls = z.object({
  rules: z
    .array(LearningRuleName)
    .max(16)
    .meta({ 'x-kubernetes-list-type': 'set' })
    .default([])
    .describe('The network with one rule throughout, once a rule; BP is backpropagation.'),
  conversion: z
    .boolean()
    .default(false)
    .describe(
      'Partial conversion of a network whose rest has a rule (its rest backpropagates), full conversion of one whose rest backpropagates (its rest takes the most frequent rule of the edges).',
    ),
  random: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('Draws of random rules, from searchSpace.learningRules.'),
  shuffled: z.int().min(0).max(20).default(0).describe("Draws of the network's rules permuted."),
});

/** Trials of a final stage at most. */
const MOST = 500;
const CONTROLS =
  'size(self.controls.rules) + self.controls.random + self.controls.shuffled + (self.controls.conversion ? 1 : 0)';

export const Final = z
  .object({
    topK: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe('Best networks to train anew and test; 0 is none.'),
    seeds: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('Trainings of each final network and of each of its controls, by the same seeds.'),
    controls: Controls.prefault({}).describe(
      'What each final network is compared with: the same operations, wiring, recipe and seeds under other rules.',
    ),
    training: TrainingOverrides.prefault({}).describe(
      'What differs from the recipe of search trials.',
    ),
    robustness: Robustness.optional().describe(
      'Attacks on final networks and their controls, each as trained with the first seed; absent: none. `{}` tries fgsm, pgd, apgd and square.',
    ),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `self.topK > 0 || (self.seeds == 1 && ${CONTROLS} == 0)`,
        message: 'seeds and controls belong to final networks: topK is at least 1',
        fieldPath: '.topK',
      },
      {
        rule: `self.topK * self.seeds * (1 + ${CONTROLS}) <= ${MOST}`,
        message: `the final stage is at most ${MOST} trials: topK * seeds * (1 + controls)`,
      },
      {
        rule: '!has(self.robustness) || self.topK > 0',
        message: 'robustness is that of final networks: topK is at least 1',
        fieldPath: '.topK',
      },
    ],
  });
export type Final = z.infer<typeof Final>;

/** Trials of a whole final stage; fewer where controls are equal, or fewer networks have a score. */
export function finalTrialCount({ topK, seeds, controls }: Final): number {
  const { rules, random, shuffled, conversion } = controls;
  return topK * seeds * (1 + rules.length + random + shuffled + (conversion ? 1 : 0));
}
