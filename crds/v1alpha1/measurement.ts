// How metrics are measured that cost time: by search trials, where an objective or a constraint names them.
import { z } from 'zod';

export const RobustAccuracy = z.object({
  epsilon: z
    .number()
    .gt(0)
    .max(255)
    .default(2)
    .describe('How far each number of a picture may be moved, in 255ths of the white level.'),
  steps: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Steps of PGD along the true gradient, each a quarter of epsilon long.'),
  pictures: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(300)
    .describe('Held-out pictures attacked: the first ones, fewer where there are fewer.'),
});
export type RobustAccuracy = z.infer<typeof RobustAccuracy>;

export const Latency = z.object({
  batchSize: z.int().min(1).max(65_536).default(1).describe('Pictures of a forward pass.'),
  runs: z
    .int()
    .min(1)
    .max(10_000)
    .default(25)
    .describe('Passes of which the median is taken; a fifth as many go before, to warm up.'),
});
export type Latency = z.infer<typeof Latency>;

export const Measurement = z.object({
  robustAccuracy: RobustAccuracy.prefault({}).describe(
    'The attack that robustAccuracy is the accuracy under: PGD (L-infinity) on held-out pictures.',
  ),
  latency: Latency.prefault({}).describe('The forward passes that latency is the time of.'),
});
export type Measurement = z.infer<typeof Measurement>;

/** What one trial measures beyond what every trial does. */
export const Measures = z.object({
  robustAccuracy: RobustAccuracy.optional().describe('Accuracy under this attack, at its end.'),
  latency: Latency.optional().describe('Seconds of such a forward pass, at its end.'),
  synflow: z.boolean().optional().describe('Before the first step.'),
  alignmentAtInit: z.boolean().optional().describe('Before the first step.'),
});
export type Measures = z.infer<typeof Measures>;
