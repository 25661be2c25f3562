// What the families with searched cells share: the candidates of an edge, the changes to one, and the rule of the rest.
import {
  type LearningRuleName,
  LOCAL_OPERATIONS,
  type SearchSpace,
  takesRule,
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

export function rulesOf(space: SearchSpace): LearningRuleName[] {
  return [...new Set(space.learningRules)];
}

/** Of a family with searched cells: what it was published with, or what learns locally. */
type Known<Published extends string> = Published | (typeof LOCAL_OPERATIONS)[number];

/** The operations that the space allows: those the family was published with first, so that what others add changes no proposal. */
function operationsOf<Published extends string>(
  space: SearchSpace,
  published: readonly Published[],
): Known<Published>[] {
  const allowed: readonly string[] = space.operations ?? published;
  return [...published, ...LOCAL_OPERATIONS].filter((operation) => allowed.includes(operation));
}

/** An operation with each rule it may have: one candidate where it takes none. */
function withRules<Operation extends string>(
  operation: Operation,
  rules: readonly LearningRuleName[],
): Candidate<Operation>[] {
  return takesRule(operation) ? rules.map((rule) => ({ operation, rule })) : [{ operation }];
}

export function candidatesOf<Published extends string>(
  space: SearchSpace,
  published: readonly Published[],
): Candidate<Known<Published>>[] {
  const rules = rulesOf(space);
  return operationsOf(space, published).flatMap((operation) => withRules(operation, rules));
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
  const rules = rulesOf(space);
  const byRule = withRules(edge.operation, rules)
    .filter((to) => to.rule !== edge.rule)
    .map((to) => change('rule', to, 1));
  const kept = edge.rule === undefined ? rules : [edge.rule];
  const byOperation = operationsOf(space, published)
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
