// What attacks ask of a network in evaluation: what it infers from pictures, and the slope of a loss at them, along the learning
// rules' signal (`slopeByRules`, as in the paper) or along the true gradient (`slopeExactly`: backpropagation, same weights).
import { openPlace, type VariableTable } from '../primitives/index.ts';
import { type Entry, multiply, scale, softmaxCrossEntropy } from '../program/index.ts';
import { inferenceEntry } from './inference-entry.ts';
import { normalise } from './objective.ts';
import type { StepPlan } from './open-step.ts';

type AttackedPlan = StepPlan & Required<Pick<StepPlan, 'attackBatch'>>;

export const SLOPES = { rules: 'slopeByRules', exact: 'slopeExactly' } as const;

/**
 * `infer` (inference-entry.ts), and the slopes: pictures float32 [N,H,W,C] in [0,1], target float32 [N,K], a distribution over
 * classes, and where a rule wants them labels int32 [N] and key, to logits [N,K] and gradient [N,H,W,C], each picture's own.
 */
export const attackEntries = (plan: AttackedPlan, variables: VariableTable): Entry[] => [
  inferenceEntry({ ...plan, variables }, plan.attackBatch),
  slopeEntry(plan, variables, 'rules'),
  slopeEntry(plan, variables, 'exact'),
];

function slopeEntry(
  { network, task, statistics, training, attackBatch }: AttackedPlan,
  variables: VariableTable,
  signal: keyof typeof SLOPES,
): Entry {
  const { initialization } = training;
  const place = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = place;
  const { height, width, channels } = task;
  const pictures = g.input('pictures', [attackBatch, height, width, channels]);
  const at = { ...place, labels: g.input('labels', [attackBatch], 'int32') };
  const x = normalise(g, pictures, { statistics });
  const { logits, backward } = network(at, { value: x, needsGradient: true });
  at.backwards.exact = signal === 'exact';
  const target = g.input('target', logits.shape);
  const arrived = backward(softmaxCrossEntropy(g, logits, target).gradient);
  // Nothing arrives through a cell of zeros.
  const normalised = arrived ?? scale(g, x, 0);
  const steepness = statistics.deviation.map((deviation) => 1 / deviation);
  const gradient = multiply(g, normalised, g.constant(steepness, [steepness.length]));
  return g.entry(SLOPES[signal], { logits, gradient });
}
