// Door of the family: a rule of the contract lives in the file of its name in lower case.
import { LEARNING_RULES, type LearningRuleName } from '../../crds/index.ts';
import type { LearningRule } from './learning-rule.ts';

export type {
  FeedbackContext,
  InitialLaw,
  LearningRule,
  RuleVariable,
  Weights,
} from './learning-rule.ts';

export type LearningRules = Readonly<Record<LearningRuleName, LearningRule>>;

/** All rules of the contract. Rejects where the contract names a rule that has no file here. */
export async function loadLearningRules(): Promise<LearningRules> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const loaded = LEARNING_RULES.map(async (name) => {
    const file = new URL(`./${name.toLowerCase()}.${extension}`, import.meta.url);
    const module = (await import(file.href)) as { readonly rule: LearningRule };
    return [name, module.rule] as const;
  });
  return Object.fromEntries(await Promise.all(loaded)) as LearningRules;
}
