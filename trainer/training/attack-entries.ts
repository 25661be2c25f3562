// What attacks ask of a network in evaluation: `answer` for pictures, and the slope of a loss at them, along the learning
// rules' signal (`slopeByRules`, as in the paper) or along the true gradient (`slopeExactly`: backpropagation, same weights).
import { openPlace, type VariableTable } from '../primitives/index.ts';
import { type Entry, multiply, scale, softmaxCrossEntropy } from '../program/index.ts';
import { normalise } from './objective.ts';
import type { StepPlan } from './open-step.ts';

type AttackedPlan = StepPlan & Required<Pick<StepPlan, 'attackBatch'>>;

export const SLOPES = { rules: 'slopeByRules', exact: 'slopeExactly' } as const;

/**
 * `answer`: pictures float32 [N,H,W,C] in [0,1] to logits [N,K]. The slopes also take target float32 [N,K], a distribution over
 * classes, and where a rule wants them labels int32 [N] and key; they add gradient [N,H,W,C], each picture's own.
 */
export function attackEntries(plan: AttackedPlan, variables: VariableTable): Entry[] {
  const { at, logits } = openAnswer(plan, variables, false);
  return [
    at.g.entry('answer', { logits }),
    slopeEntry(plan, variables, 'rules'),
    slopeEntry(plan, variables, 'exact'),
  ];
}

function slopeEntry(
  plan: AttackedPlan,
  variables: VariableTable,
  signal: keyof typeof SLOPES,
): Entry {
  const { at, x, logits, heads } = openAnswer(plan, variables, true);
  const { g } = at;
  at.backwards.exact = signal === 'exact';
  const target = g.input('target', logits.shape);
  const arrived = heads.backward(softmaxCrossEntropy(g, logits, target).gradient);
  // Nothing arrives through a cell of zeros.
  const normalised = arrived ?? scale(g, x, 0);
  const steepness = plan.statistics.deviation.map((deviation) => 1 / deviation);
  const gradient = multiply(g, normalised, g.constant(steepness, [steepness.length]));
  return g.entry(SLOPES[signal], { logits, gradient });
}

function openAnswer(
  { network, task, statistics, training, attackBatch }: AttackedPlan,
  variables: VariableTable,
  needsGradient: boolean,
) {
  const { initialization } = training;
  const place = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = place;
  const { height, width, channels } = task;
  const pictures = g.input('pictures', [attackBatch, height, width, channels]);
  const labels = needsGradient ? g.input('labels', [attackBatch], 'int32') : undefined;
  const at = { ...place, labels };
  const x = normalise(g, pictures, { statistics });
  const heads = network(at, { value: x, needsGradient });
  return { at, x, heads, logits: heads.logits };
}
