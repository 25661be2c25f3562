// Door of the family: a rule of the contract lives in the file of its name in lower case.
import { LEARNING_RULES, type LearningRuleName } from '../../crds/index.ts';
import type { LearningRule } from './learning-rule.ts';

export { rule as backpropagation } from './bp.ts';
export type {
  FeedbackContext,
  InitialLaw,
  LearningRule,
  NodeContext,
  RuleVariable,
  Sent,
  SignalContext,
  Weights,
} from './learning-rule.ts';
export type { Lesson, LessonContext, Pass, PassContext, Seen } from './pass.ts';

export type LearningRules = Readonly<Record<LearningRuleName, LearningRule>>;

/** The contract names a rule that has no file here, or whose file holds something else. */
export class LearningRuleError extends Error {
  override readonly name = 'LearningRuleError';
}

/** All rules of the contract. @throws LearningRuleError */
export async function loadLearningRules(): Promise<LearningRules> {
  const loaded = LEARNING_RULES.map(async (name) => [name, await load(name)] as const);
  return Object.fromEntries(await Promise.all(loaded)) as LearningRules;
}

async function load(name: LearningRuleName): Promise<LearningRule> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const file = `${name.toLowerCase()}.${extension}`;
  const expected = `learning rule ${name}: expected trainer/learning-rules/${file} to export it as \`rule\``;
  try {
    const module: { readonly rule?: LearningRule } = await import(
      new URL(`./${file}`, import.meta.url).href
    );
    if (module.rule?.name === name) return module.rule;
    throw new LearningRuleError(`${expected}, got ${module.rule?.name ?? 'nothing'}`);
  } catch (cause) {
    if (cause instanceof LearningRuleError) throw cause;
    throw new LearningRuleError(`${expected}, but the file does not load`, { cause });
  }
}
