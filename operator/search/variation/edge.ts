// What the families with searched cells share: the candidates of an edge, the changes to one, and the rule of the rest.
import { hasWeights, type LearningRuleName, type SearchSpace } from '../../../crds/index.ts';
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

export function rulesOf(space: SearchSpace): LearningRuleName[] {
  return [...new Set(space.learningRules)];
}

/** The family's operations that the space allows. */
function operationsOf<Operation extends string>(
  space: SearchSpace,
  all: readonly Operation[],
): Operation[] {
  const allowed: readonly string[] = space.operations ?? all;
  return all.filter((operation) => allowed.includes(operation));
}

/** An operation with each rule it may have: one candidate where it has no weights. */
function withRules<Operation extends string>(
  operation: Operation,
  rules: readonly LearningRuleName[],
): Candidate<Operation>[] {
  return hasWeights(operation) ? rules.map((rule) => ({ operation, rule })) : [{ operation }];
}

export function candidatesOf<Operation extends string>(
  space: SearchSpace,
  all: readonly Operation[],
): Candidate<Operation>[] {
  const rules = rulesOf(space);
  return operationsOf(space, all).flatMap((operation) => withRules(operation, rules));
}

type EdgeChanges = readonly Change<Candidate<string>>[];

/** They depend on little, and an evolution asks for them a dozen times a proposal. */
const KNOWN = new WeakMap<SearchSpace, Map<string, EdgeChanges>>();

/** Another rule for the same operation, or another operation under the same rule (any rule where there was none). */
export function edgeChanges<Operation extends string>(
  edge: Candidate<Operation>,
  space: SearchSpace,
  all: readonly Operation[],
): readonly Change<Candidate<Operation>>[] {
  const known = KNOWN.get(space) ?? new Map<string, EdgeChanges>();
  KNOWN.set(space, known);
  const changes = known.get(name(edge)) ?? listChanges(edge, space, all);
  known.set(name(edge), changes);
  return changes as readonly Change<Candidate<Operation>>[];
}

function listChanges(
  edge: Candidate<string>,
  space: SearchSpace,
  all: readonly string[],
): EdgeChanges {
  const change = (kind: MutationKind, to: Candidate<string>, odds: number) => ({
    kind,
    odds,
    change: () => `${name(edge)} -> ${name(to)}`,
    to,
  });
  const rules = rulesOf(space);
  const byRule = withRules(edge.operation, rules)
    .filter((to) => to.rule !== edge.rule)
    .map((to) => change('rule', to, 1));
  const kept = edge.rule === undefined ? rules : [edge.rule];
  const byOperation = operationsOf(space, all)
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
  return space.conversion === 'full' ? rulesOf(space) : ['BP'];
}

function name({ operation, rule }: Candidate<string>): string {
  return rule === undefined ? operation : `${operation}:${rule}`;
}
