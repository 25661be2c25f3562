// Door of filters of trials.
export { FIELD_NAMES, stageOf, type Terms } from './fields.ts';
export { type Filter, filterOf } from './filter.ts';
export { termsOf, withTerm } from './terms.ts';
