// The families that can be varied. Adding one: its file and a line here.
import type { Genotype } from '../../../crds/index.ts';
import { darts } from './darts.ts';
import type { VariationFamily } from './family.ts';
import { fixed } from './fixed.ts';
import { nb201 } from './nb201.ts';

const FAMILIES: Readonly<Record<Genotype['kind'], VariationFamily>> = { darts, nb201, fixed };

export function familyOf({ kind }: Pick<Genotype, 'kind'>): VariationFamily {
  return FAMILIES[kind];
}
