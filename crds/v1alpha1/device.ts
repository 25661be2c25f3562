// How the device of a trainer computes, where that is the user's to say. What a step computes is in training.ts, in which precision
// in precision.ts.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';

export const DeviceOptions = z.object({
  xla: z
    .boolean()
    .default(false)
    .describe(
      'Whether TensorFlow compiles steps by XLA: seconds to minutes before the first step, and another rounding.',
    ),
  deterministic: z
    .boolean()
    .default(false)
    .describe(
      'Whether a GPU computes the same numbers each time, by operations that may be slower. A CPU does anyway.',
    ),
  tensorFloat32: z
    .boolean()
    .default(false)
    .describe(
      'Whether the operands of float32 products may be rounded to 11 bits of significand, as GPUs since Ampere do several times as fast.',
    ),
  memory: z
    .enum(['growing', 'whole'])
    .default('growing')
    .describe(
      "Whether TensorFlow takes a GPU's memory as it is needed, as trainers that share a card must, or nearly all of it at once.",
    ),
});
export type DeviceOptions = z.infer<typeof DeviceOptions>;

/** Of a search's spec. */
export const DEVICE_RULE: ValidationRule = {
  rule: "self.sharing.perDevice == 1 || self.training.device.memory == 'growing'",
  message: 'trainers that share a device take its memory as they need it: memory is growing',
  fieldPath: '.training.device.memory',
};
