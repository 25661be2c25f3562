// `synflow`: how much of the flow of signals each weight carries, without a single picture (Tanaka, Kunin, Yamins & Ganguli 2020,
// section 6, as a score of networks by Abdelfattah, Mehrotra, Dudziak & Lane 2021). The session holds absolute values meanwhile.
import { openPlace, type VariableTable } from '../primitives/index.ts';
import { add, type Entry, multiply, total } from '../program/index.ts';
import { isWeight } from './alignment-entry.ts';
import type { StepPlan } from './open-step.ts';

/**
 * pictures float32 [1,H,W,C] (ones, not normalised), slope [1,K] (ones) to score []: the sum over weights that learn by a rule of
 * theta dR/dtheta, R = sum of slope * logits; biases, batch norms and weights of local rules are no part of it. Batch norm goes by its
 * running statistics, which before training make it the identity but for its epsilon; signals go back exactly. The score grows as the
 * inputs do, each of them, since nothing is negative and biases are 0.
 */
export function synflowEntry(
  { network, task, training }: StepPlan,
  variables: VariableTable,
): Entry {
  const { initialization } = training;
  const at = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = at;
  const pictures = g.input('pictures', [1, task.height, task.width, task.channels]);
  const { logits, backward } = network(at, { value: pictures, needsGradient: false });
  at.backwards.exact = true;
  backward(g.input('slope', logits.shape));
  const carried = variables.parameters.flatMap((variable) => {
    const gradient = isWeight(variable) ? at.gradients.get(variable.name) : undefined;
    return gradient === undefined ? [] : total(g, multiply(g, g.read(variable), gradient));
  });
  const score = carried.reduce((sum, each) => add(g, sum, each));
  return g.entry('synflow', { score });
}
