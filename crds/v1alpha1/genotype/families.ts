// The families of networks. Adding one: its file and a line here.
import { darts } from './darts.ts';
import type { Family } from './family.ts';
import { fixed } from './fixed.ts';
import type { Genotype } from './genotype.ts';
import { nb201 } from './nb201.ts';

export const FAMILIES: Readonly<Record<Genotype['kind'], Family>> = { darts, nb201, fixed };

export function familyOf(genotype: Pick<Genotype, 'kind'>): Family {
  return FAMILIES[genotype.kind];
}
