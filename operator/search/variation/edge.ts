// What the families with searched cells share: the changes to an edge, and the rule of the rest.
import {
  type Known,
  type LearningRuleName,
  type SearchSpace,
  searchedOperations,
  searchedRules,
  withRules,
} from '../../../crds/index.ts';
import type { MutationKind } from './family.ts';

export interface Candidate<Operation extends string> {
  readonly operation: Operation;
  readonly rule?: LearningRuleName;
}

/** What a place of a genotype may become; `odds` as in Neighbour. */
export interface Change<Value> {
  readonly kind: MutationKind;
  readonly odds: number;
  change(): string;
  readonly to: Value;
}

/** Which of the candidates an edge is. */
export function optionOf(
  edge: Candidate<string>,
  candidates: readonly Candidate<string>[],
): number {
  return candidates.findIndex(
    ({ operation, rule }) => operation === edge.operation && rule === edge.rule,
  );
}

type EdgeChanges = readonly Change<Candidate<string>>[];

/** They depend on little, and an evolution asks for them a dozen times a proposal. */
const KNOWN = new WeakMap<SearchSpace, Map<string, EdgeChanges>>();

/** Another rule for the same operation, or another operation under the same rule (any rule where there was none). */
export function edgeChanges<Published extends string>(
  edge: Candidate<Known<Published>>,
  space: SearchSpace,
  published: readonly Published[],
): readonly Change<Candidate<Known<Published>>>[] {
  const known = KNOWN.get(space) ?? new Map<string, EdgeChanges>();
  KNOWN.set(space, known);
  const changes = known.get(name(edge)) ?? listChanges(edge, space, published);
  known.set(name(edge), changes);
  return changes as readonly Change<Candidate<Known<Published>>>[];
}

function listChanges(
  edge: Candidate<string>,
  space: SearchSpace,
  published: readonly string[],
): EdgeChanges {
  const change = (kind: MutationKind, to: Candidate<string>, odds: number) => ({
    kind,
    odds,
    change: () => `${name(edge)} -> ${name(to)}`,
    to,
  });
  const rules = searchedRules(space);
  const byRule = withRules(edge.operation, rules)
    .filter((to) => to.rule !== edge.rule)
    .map((to) => change('rule', to, 1));
  const kept = edge.rule === undefined ? rules : [edge.rule];
  const byOperation = searchedOperations(space, published)
    .filter((operation) => operation !== edge.operation)
    .map((operation) => withRules(operation, kept))
    .flatMap((options) => options.map((to) => change('operation', to, 1 / options.length)));
  return [...byRule, ...byOperation];
}

export function ruleChanges(
  rule: LearningRuleName,
  rules: readonly LearningRuleName[],
): Change<LearningRuleName>[] {
  return rules
    .filter((to) => to !== rule)
    .map((to) => ({ kind: 'rule', odds: 1, change: () => `${rule} -> ${to}`, to }));
}

/** Rules that `rest` may have: a gene under full conversion, backpropagation under partial. */
export function restRulesOf(space: SearchSpace): LearningRuleName[] {
  return space.conversion === 'full' ? searchedRules(space) : ['BP'];
}

function name({ operation, rule }: Candidate<string>): string {
  return rule === undefined ? operation : `${operation}:${rule}`;
}
