// What a checkpoint belongs to. A recipe counts by what it says beyond the defaults, so that a field which a later version adds does
// not turn away the checkpoints of an earlier one.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Supernet, Training, type TrialSpec } from '../../crds/index.ts';

/** Hash of whatever may not change between two attempts at one training. */
export const identityOf = ({
  genotype,
  supernet,
  seed,
  shape,
  dataset,
  training,
  purpose,
}: TrialSpec): string => {
  const recipe = beyond(Training.parse({}), training);
  const mixed = supernet && beyond(Supernet.parse({ learningRules: ['BP'] }), supernet);
  return createHash('sha256')
    .update(
      JSON.stringify({
        genotype,
        supernet: mixed,
        seed,
        shape,
        dataset,
        training: recipe,
        purpose,
      }),
    )
    .digest('hex');
};

/** The fields of `value` that differ from the defaults, at any depth. */
function beyond(defaults: object, value: object): object {
  const usual: Record<string, unknown> = { ...defaults };
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const standard = usual[name];
    if (isDeepStrictEqual(field, standard)) return [];
    return [[name, isRecord(field) && isRecord(standard) ? beyond(standard, field) : field]];
  });
  return Object.fromEntries(fields);
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
