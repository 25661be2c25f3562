// How far a layer that learns by a rule is from backpropagation: angles in degrees, lengths as ratios.
import { z } from 'zod';

const Measures = z.object({
  feedbackAngle: z
    .number()
    .min(0)
    .max(180)
    .optional()
    .describe('Between feedback weights and weights [degrees]; absent where they differ in shape.'),
  feedbackRatio: z
    .number()
    .min(0)
    .optional()
    .describe('Length of the feedback weights over that of the weights.'),
  gradientAngle: z
    .number()
    .min(0)
    .max(180)
    .optional()
    .describe(
      "Between the gradient of the weights and backpropagation's [degrees]; absent where one is zero.",
    ),
  gradientRatio: z
    .number()
    .min(0)
    .optional()
    .describe("Length of the gradient over that of backpropagation's."),
  gradientVariance: z
    .number()
    .min(0)
    .optional()
    .describe(
      'Trace of the covariance of the gradient over 20 fixed batches, over the squared length of its mean; where asked for.',
    ),
});

/** A line of alignment.jsonl holds these of one epoch. */
export const LayerAlignment = z.object({
  layer: z.string().describe('Path of the layer.'),
  rule: z
    .string()
    .optional()
    .describe('Its learning rule; absent where none is needed: the first layer.'),
  ...Measures.shape,
});
export type LayerAlignment = z.infer<typeof LayerAlignment>;

export const RuleAlignment = z.object({
  rule: z.string().max(16).describe('The learning rule.'),
  layers: z.int().min(1).describe('Layers that learn by it.'),
  ...Measures.shape,
});
export type RuleAlignment = z.infer<typeof RuleAlignment>;
