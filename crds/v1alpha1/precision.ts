// What a step of training computes its products in, and which learning rules that leaves out.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';
import type { LearningRuleName } from './learning-rule.ts';

export const Precision = z.enum(['float32', 'bfloat16', 'float16']);
export type Precision = z.infer<typeof Precision>;

/** Rules that learn by differences between passes, most of which lower precision rounds away (docs/adr/0035). */
export const FULL_PRECISION_RULES = ['PEPITA', 'PC'] as const satisfies LearningRuleName[];

const NEEDING = `[${FULL_PRECISION_RULES.map((name) => `'${name}'`).join(', ')}]`;

/** Of a search's spec. */
export const PRECISION_RULE: ValidationRule = {
  rule: `(self.training.precision == 'float32' && !self.training.device.tensorFloat32) || self.searchSpace.learningRules.all(r, !(r in ${NEEDING}))`,
  message: `${FULL_PRECISION_RULES.join(' and ')} learn by differences that lower precision rounds away: precision is float32, without tensorFloat32`,
  fieldPath: '.training.precision',
};

/** Where `ofSupernets` holds. */
export const supernetPrecisionRule = (ofSupernets: string): ValidationRule => ({
  rule: `!(${ofSupernets}) || self.training.precision != 'float16'`,
  message: 'the loss of a supernet is not scaled: precision is float32 or bfloat16',
  fieldPath: '.training.precision',
});
