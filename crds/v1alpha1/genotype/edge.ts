// An edge of a searched cell: operation, rule where the operation's weights learn by one, and where it comes from.
// Text: operation[:rule]~from
import type { LearningRuleName } from '../learning-rule.ts';
import { LOCAL_OPERATIONS, type SearchSpace } from '../search-space.ts';
import type { RuleChange } from './genotype.ts';
import { GenotypeError } from './genotype-error.ts';
import { nameOf, quoted, ruleOf, type Span, split, splitInto } from './span.ts';

export interface Edge<Operation extends string> {
  readonly operation: Operation;
  readonly rule?: LearningRuleName;
}

const RULED: ReadonlySet<string> = new Set([
  'sep_conv_3x3',
  'sep_conv_5x5',
  'dil_conv_3x3',
  'dil_conv_5x5',
  'nor_conv_1x1',
  'nor_conv_3x3',
]);

const LOCAL: ReadonlySet<string> = new Set(LOCAL_OPERATIONS);

/** Whether an operation has weights of its own that learn by a rule of the genotype. A strided skip's weights belong to `rest`. */
export function takesRule(operation: string): boolean {
  return RULED.has(operation);
}

/** Whether an operation has weights of its own that learn by a local rule, which nobody chooses. */
export function learnsLocally(operation: string): boolean {
  return LOCAL.has(operation);
}

/** Reads an edge; a rule on an operation without weights is checked and dropped, one on an operation that learns locally is refused. */
export function parseEdge<Operation extends string>(
  span: Span,
  operations: readonly Operation[],
  where: string,
): Edge<Operation> & { readonly from: Span } {
  const [candidate, from] = splitInto(span, '~', 2, ['parts, operation and origin,', where]);
  const [name, rule, extra] = split(candidate ?? span, ':');
  const operation = nameOf(name ?? span, operations, ['an operation', where]);
  if (extra !== undefined) {
    throw new GenotypeError({ where, at: extra.at, expected: "'~'", got: `':${extra.text}'` });
  }
  if (rule !== undefined && learnsLocally(operation)) {
    throw new GenotypeError({ where, at: rule.at, ...noRule(operation), got: `':${rule.text}'` });
  }
  if (rule === undefined && takesRule(operation)) {
    const at = span.at + operation.length;
    throw new GenotypeError({
      where,
      at,
      expected: `a learning rule after ${operation}, such as ${operation}:BP`,
      got: quoted(span.text.slice(operation.length)),
    });
  }
  const edge = rule === undefined ? { operation } : { operation, rule: ruleOf(rule, where) };
  return { ...canonicalEdge(edge, where), from: from ?? span };
}

function noRule(operation: string): { readonly expected: string } {
  return { expected: `no rule for ${operation}, which learns by its own local rule` };
}

/** The edge without a rule that nothing obeys. Throws GenotypeError where weights that need a rule have none, or others have one. */
export function canonicalEdge<Operation extends string>(
  { operation, rule }: Edge<Operation>,
  where: string,
): Edge<Operation> {
  if (rule !== undefined && learnsLocally(operation)) {
    throw new GenotypeError({ where, ...noRule(operation), got: rule });
  }
  if (!takesRule(operation)) return { operation };
  if (rule === undefined) {
    throw new GenotypeError({ where, expected: `a rule for ${operation}`, got: 'none' });
  }
  return { operation, rule };
}

export function printEdge(edge: Edge<string>, from: number): string {
  const rule = edge.rule === undefined ? '' : `:${edge.rule}`;
  return `${edge.operation}${rule}~${from}`;
}

/** The edge with another rule, where it has one. */
export function mapRule<E extends Edge<string>>(edge: E, change: RuleChange): E {
  return edge.rule === undefined ? edge : { ...edge, rule: change(edge.rule, 'edge') };
}

export interface PlaceInSpace {
  readonly space: SearchSpace;
  /** The family's candidates where the space names none. */
  readonly published: readonly string[];
  readonly where: string;
}

/** Why an edge is not in the space, or undefined. */
export function edgeOutsideSpace(
  edge: Edge<string>,
  { space, published, where }: PlaceInSpace,
): string | undefined {
  const operations = space.operations ?? published;
  if (!operations.includes(edge.operation)) {
    return `${where}: operation ${edge.operation} is not among ${operations.join(', ')}`;
  }
  return edge.rule === undefined ? undefined : ruleOutsideSpace(edge.rule, space, where);
}

/** Why a searched rule is not in the space, or undefined. */
export function ruleOutsideSpace(
  rule: LearningRuleName,
  space: SearchSpace,
  where: string,
): string | undefined {
  return space.learningRules.includes(rule)
    ? undefined
    : `${where}: rule ${rule} is not among ${space.learningRules.join(', ')}`;
}

/** Why `rest` is not in the space: partial conversion leaves it to backpropagation. */
export function restOutsideSpace(rest: LearningRuleName, space: SearchSpace): string | undefined {
  if (space.conversion === 'full') return ruleOutsideSpace(rest, space, 'rest');
  return rest === 'BP' ? undefined : `rest: partial conversion leaves the rest to BP, not ${rest}`;
}

/** Choices of `rest`. */
export function restCandidates(space: SearchSpace): bigint {
  return space.conversion === 'full' ? BigInt(new Set(space.learningRules).size) : 1n;
}
