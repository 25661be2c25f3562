// The contract between users, operator and trainer. It imports nothing of ours.
export {
  customResourceDefinition,
  GROUP,
  KINDS,
  type Kind,
  objectSchema,
  VERSION,
} from './custom-resource-definitions.ts';
export { withDefaults } from './defaults.ts';
export { fieldDocument } from './field-document.ts';
export { nearestName } from './nearest.ts';
export { type Problem, problemsOf, shown } from './problem.ts';
export { type Path, type Violation, violations } from './rules.ts';
export type { StructuralSchema } from './structural-schema.ts';
export * from './v1alpha1/index.ts';
