// Door of comparisons: a final network beside its controls, and what may be claimed of it.
export { subject } from './claim.ts';
export { compare } from './compare.ts';
export { Comparison, type Variant } from './schema.ts';
