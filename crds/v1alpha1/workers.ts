// How many trainers train a trial together, and what that asks of the rest.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';

export const Workers = z
  .int()
  .min(1)
  .max(64)
  .describe(
    'Trainers that train a trial together, each in a Pod of this template and by its part of every batch; 1 when left out.',
  );

/** Of a Pod template. */
export const workersOf = (template: { readonly workers?: number | undefined } | undefined) =>
  template?.workers ?? 1;

const given = (template: string): string =>
  `has(self.${template}) && has(self.${template}.workers)`;

/** Both are fields of a spec; `where`, in CEL, is when the second one is there. */
export const equalPartsRule = (
  template: string,
  batchSize: string,
  where = 'true',
): ValidationRule => ({
  rule: `!(${given(template)} && ${where}) || self.${batchSize} % self.${template}.workers == 0`,
  message: `each worker has an equal part of a batch: ${batchSize} is a multiple of ${template}.workers`,
  fieldPath: `.${batchSize}`,
});

/** Where `ofSupernets` holds. */
export const oneWorkerRule = (template: string, ofSupernets: string): ValidationRule => ({
  rule: `!(${given(template)}) || !(${ofSupernets}) || self.${template}.workers == 1`,
  message: `a supernet is trained by one worker: ${template}.workers is 1`,
  fieldPath: `.${template}.workers`,
});
