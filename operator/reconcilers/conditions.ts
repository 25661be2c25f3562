// Conditions as values: set one, ask one. lastTransitionTime moves only when status does.
import type { Condition } from '../../crds/index.ts';

export interface ConditionChange {
  readonly type: string;
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: string;
}

export interface Judgement {
  /** Generation of the spec that was judged. */
  readonly generation: number;
  /** RFC 3339 */
  readonly now: string;
}

/** What the API server takes. */
const LONGEST_MESSAGE = 32_768;

/** What a trainer says may already be as long: a sentence around it must not have the whole status refused, again and again. */
const fitting = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 4)} ...`;

export function setCondition(
  conditions: readonly Condition[],
  change: ConditionChange,
  { generation, now }: Judgement,
): Condition[] {
  const before = conditions.find(({ type }) => type === change.type);
  const lastTransitionTime =
    before !== undefined && before.status === change.status ? before.lastTransitionTime : now;
  const message = fitting(change.message);
  const after = { ...change, message, observedGeneration: generation, lastTransitionTime };
  return before === undefined
    ? [...conditions, after]
    : conditions.map((condition) => (condition === before ? after : condition));
}

export const isTrue = (conditions: readonly Condition[] | undefined, type: string): boolean =>
  conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

/** Whether a search of these has ended, well or not: nothing of it starts any more. */
export const isSettled = (conditions: readonly Condition[] | undefined): boolean =>
  isTrue(conditions, 'Completed') || isTrue(conditions, 'Failed');
