// Door of comparisons: a final network beside its controls, and what may be claimed of it.
export { subject, trainingsText, verdictOn } from './claim.ts';
export { COMPARED_COLUMNS, type ComparedRow } from './columns.ts';
export { compare, compared } from './compare.ts';
export { Comparison, type Variant } from './schema.ts';
