// training.precision: what a step of training computes its products in (docs/adr/0035). Scores and looks are taken in float32.
import {
  FULL_PRECISION_RULES,
  type Precision,
  type Training,
  type TrialResult,
} from '../../crds/index.ts';
import type { Session } from '../executors/index.ts';
import { type Entry, inLowPrecision } from '../program/index.ts';
import { BadInputError } from './bad-input-error.ts';
import { numberOf } from './evaluate.ts';
import { LOSS_SCALE, SKIPPED_STEPS } from './loss-scaling.ts';

/**
 * The entry of a step in the precision of its recipe.
 * @param rules names of the learning rules in it, by path
 * @throws BadInputError where one of them needs more
 */
export function inPrecision(
  entry: Entry,
  { precision, device }: Pick<Training, 'precision' | 'device'>,
  rules: Readonly<Record<string, string>>,
): Entry {
  const low = precision === 'float32' && device.tensorFloat32 ? 'tensorFloat32' : precision;
  if (low === 'float32') return entry;
  const needing = Object.entries(rules).find(([, rule]) =>
    (FULL_PRECISION_RULES as readonly string[]).includes(rule),
  );
  if (needing !== undefined)
    throw new BadInputError(
      `training.precision: expected float32, got ${low}: ${needing[0]} learns by ${needing[1]}, ` +
        `from differences that ${low} rounds away (docs/executors.md)`,
    );
  return precision === 'float32' ? entry : inLowPrecision(entry, precision);
}

/** What a result says of it. */
export async function precisionOf(
  session: Session,
  precision: Precision,
): Promise<NonNullable<TrialResult['precision']>> {
  if (precision !== 'float16') return { products: precision };
  const kept = await session.read([LOSS_SCALE, SKIPPED_STEPS]);
  return {
    products: precision,
    lossScale: numberOf(kept, LOSS_SCALE),
    skippedSteps: numberOf(kept, SKIPPED_STEPS),
  };
}
