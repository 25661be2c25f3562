// What an edge of a searched cell may be: an operation with each rule it may have, one candidate where it takes none.
// So equal edges have one candidate: 19 and `none`, not 22, on the paper's edge.
import type { LearningRuleName } from '../learning-rule.ts';
import { LOCAL_OPERATIONS, type SearchSpace } from '../search-space.ts';
import { type Edge, takesRule } from './edge.ts';

/** Of a family with searched cells: what it was published with, or what learns locally. */
export type Known<Published extends string> = Published | (typeof LOCAL_OPERATIONS)[number];

export function searchedRules({
  learningRules,
}: Pick<SearchSpace, 'learningRules'>): LearningRuleName[] {
  return [...new Set(learningRules)];
}

/** The operations that the space allows: those the family was published with first, so that what others add changes no proposal. */
export function searchedOperations<Published extends string>(
  space: Pick<SearchSpace, 'operations'>,
  published: readonly Published[],
): Known<Published>[] {
  const allowed: readonly string[] = space.operations ?? published;
  return [...published, ...LOCAL_OPERATIONS].filter((operation) => allowed.includes(operation));
}

/** An operation with each rule it may have: one candidate where it takes none. */
export function withRules<Operation extends string>(
  operation: Operation,
  rules: readonly LearningRuleName[],
): Edge<Operation>[] {
  return takesRule(operation) ? rules.map((rule) => ({ operation, rule })) : [{ operation }];
}

export function candidatesOf<Published extends string>(
  space: Pick<SearchSpace, 'operations' | 'learningRules'>,
  published: readonly Published[],
): Edge<Known<Published>>[] {
  const rules = searchedRules(space);
  return searchedOperations(space, published).flatMap((operation) => withRules(operation, rules));
}
