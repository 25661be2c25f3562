// How a final network stands up to pictures made to fool it: what to try, and what came of it.
// Distances are in 255ths of the white level, as in the literature's "8/255"; attacks act on pictures before normalisation.
import { z } from 'zod';

export const ATTACKS = ['fgsm', 'pgd', 'tpgd', 'apgd', 'square', 'one-pixel', 'transfer'] as const;
export const AttackName = z.enum(ATTACKS);
export type AttackName = z.infer<typeof AttackName>;

/** An attack uses some of the settings; a setting of another one is refused. */
export const Attack = z
  .object({
    name: AttackName.describe(
      'fgsm, pgd, tpgd, apgd (on cross-entropy) follow a gradient; square and one-pixel ask for answers only; transfer follows the gradient of another network (trained for it: backpropagation, another seed).',
    ),
    norm: z
      .enum(['linf', 'l2'])
      .default('linf')
      .describe('Distance that epsilons bound; one-pixel and tpgd know linf only.'),
    epsilons: z
      .array(z.number().gt(0).max(65_535))
      .min(1)
      .max(32)
      .optional()
      .describe(
        'Largest distances, in 255ths of the white level. Default: 1, 2, 4, 8 for linf, 32, 64, 128, 256 for l2.',
      ),
    steps: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Default: 20 (pgd, tpgd, transfer), 100 (apgd), 30 (one-pixel: generations).'),
    queries: z
      .int()
      .min(2)
      .max(1_000_000)
      .optional()
      .describe('Answers asked for a picture (square, default 500).'),
    pixels: z
      .array(z.int().min(1).max(1024))
      .min(1)
      .max(32)
      .optional()
      .describe('Pixels changed (one-pixel, default 1).'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "self.name != 'tpgd' || !has(self.norm) || self.norm == 'linf'",
        message: 'tpgd is an attack of norm linf',
        fieldPath: '.norm',
      },
      {
        rule: "self.name != 'one-pixel' || !has(self.epsilons)",
        message: 'one-pixel bounds the number of pixels, not how far they change',
        fieldPath: '.epsilons',
      },
      {
        rule: "!has(self.steps) || !(self.name in ['fgsm', 'square'])",
        message: 'fgsm takes one step, and square is measured in queries',
        fieldPath: '.steps',
      },
      {
        rule: "!has(self.queries) || self.name == 'square'",
        message: 'queries are of square',
        fieldPath: '.queries',
      },
      {
        rule: "!has(self.pixels) || self.name == 'one-pixel'",
        message: 'pixels are of one-pixel',
        fieldPath: '.pixels',
      },
    ],
  });
export type Attack = z.infer<typeof Attack>;

export const Robustness = z.object({
  pictures: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(500)
    .describe('Test pictures attacked: the first ones, fewer where the data set has fewer.'),
  attacks: z
    .array(Attack)
    .min(1)
    .max(8)
    .default([
      { name: 'fgsm', norm: 'linf' },
      { name: 'pgd', norm: 'linf' },
      { name: 'apgd', norm: 'linf' },
      { name: 'square', norm: 'linf' },
    ])
    .describe(
      "What is tried. Attacks that follow a gradient run twice: along the learning rules' signal and along the true gradient.",
    ),
});
export type Robustness = z.infer<typeof Robustness>;

/** What one attack of one strength left of the accuracy. */
export const AttackResult = z.object({
  attack: AttackName.describe('The attack.'),
  norm: z.enum(['linf', 'l2', 'l0']).describe('Distance that is bounded; l0 counts pixels.'),
  bound: z.number().gt(0).describe('In 255ths of the white level; in pixels for l0.'),
  budget: z.int().min(1).describe('Gradients (white box) or answers asked for a picture, at most.'),
  signal: z
    .enum(['rules', 'exact'])
    .optional()
    .describe(
      "What was followed: the learning rules' signal or the true gradient; absent where answers alone were asked for.",
    ),
  accuracy: z.number().min(0).max(1).describe('Share of the pictures still told right.'),
});
export type AttackResult = z.infer<typeof AttackResult>;

export const RobustnessResult = z.object({
  pictures: z.int().min(1).describe('Pictures attacked.'),
  accuracy: z.number().min(0).max(1).describe('Share of them told right before.'),
  attacks: z.array(AttackResult).max(512).describe('One entry an attack, strength and signal.'),
});
export type RobustnessResult = z.infer<typeof RobustnessResult>;
