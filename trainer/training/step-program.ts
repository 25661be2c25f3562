// Writes a network, its rules and a recipe down as one program: `train` is a whole step, `evaluate` scores a batch,
// `logits` answers for pictures. Read top to bottom: inputs, forward, loss, backward, clipping, decay, update.
import type { Training } from '../../crds/index.ts';
import type { Heads, Network, Task } from '../network/index.ts';
import { openPlace, type Place, VariableTable } from '../primitives/index.ts';
import {
  add,
  createProgram,
  divide,
  type Entry,
  type Graph,
  minimum,
  multiply,
  type Program,
  scale,
  sqrt,
  square,
  total,
  type Update,
  type Value,
} from '../program/index.ts';
import { classify, normalise, type Statistics } from './objective.ts';
import { createOptimizer } from './optimizers/index.ts';

export interface StepPlan {
  readonly network: Network;
  readonly task: Task;
  readonly statistics: Statistics;
  readonly training: Training;
  /** Pictures of an evaluation batch. */
  readonly evaluationBatch: number;
  /** Adds normalised pictures, logits, every gradient (before clipping and decay) and feedback weight to the outputs of `train`: for `debug step`. */
  readonly expose?: boolean;
}

export interface StepProgram {
  readonly program: Program;
  readonly variables: VariableTable;
}

function inputs(g: Graph, task: Task, batch: number) {
  const { height, width, channels } = task;
  return {
    pictures: g.input('pictures', [batch, height, width, channels], 'uint8'),
    labels: g.input('labels', [batch], 'int32'),
  };
}

/** Factor that brings the global norm of all gradients down to `largest` (Pascanu et al. 2013). */
function clipFactor(g: Graph, gradients: readonly Value[], largest: number): Value {
  const squares = gradients.map((gradient) => total(g, square(g, gradient)));
  const norm = sqrt(
    g,
    squares.reduce((sum, each) => add(g, sum, each)),
  );
  const factor = divide(g, g.scalar(largest), add(g, norm, g.scalar(1e-6)));
  return minimum(g, g.scalar(1), factor);
}

/** Backward, then: clip by global norm, add weight decay, hand to the optimizer. */
function learn(at: Place, training: Training): Update[] {
  const { g, gradients, variables } = at;
  const rate = g.input('rate', []);
  const { gradientClip } = training.regularisation;
  const { weightDecay } = training.optimizer;
  const own = variables.parameters.flatMap(({ name }) => gradients.get(name) ?? []);
  const clip = gradientClip > 0 ? clipFactor(g, own, gradientClip) : undefined;
  const { updates, update } = createOptimizer(training.optimizer).begin({ g, variables, rate });
  // Feedback weights that learn have a gradient, too.
  const each = variables.all.flatMap((variable) => {
    const raw = gradients.get(variable.name);
    if (raw === undefined) return [];
    return g.within(variable.name, () => {
      const clipped = clip === undefined ? raw : multiply(g, raw, clip);
      const decayed =
        weightDecay > 0 ? add(g, clipped, scale(g, g.read(variable), weightDecay)) : clipped;
      return update(variable, decayed);
    });
  });
  return [...at.updates, ...updates, ...each];
}

function trainEntry(plan: StepPlan, variables: VariableTable): Entry {
  const { training, task, statistics } = plan;
  const { batchSize, regularisation, augmentation } = training;
  const { initialization } = training;
  const place = openPlace({ mode: 'train', variables, initialization });
  const { g } = place;
  const { pictures, labels } = inputs(g, task, batchSize);
  const at = { ...place, labels };
  const keep =
    augmentation.cutout > 0
      ? g.input('keep', [batchSize, task.height, task.width, 1], 'uint8')
      : undefined;

  const x = normalise(g, pictures, { statistics, keep });
  const heads = plan.network(at, { value: x, needsGradient: false });

  const main = classify(g, heads.logits, { labels, smoothing: regularisation.labelSmoothing });
  const side =
    heads.auxiliary === undefined
      ? undefined
      : classify(g, heads.auxiliary, { labels, smoothing: regularisation.labelSmoothing });
  const { auxiliaryWeight } = regularisation;
  const lossSum =
    side === undefined ? main.loss : add(g, main.loss, scale(g, side.loss, auxiliaryWeight));

  heads.backward(
    scale(g, main.gradient, 1 / batchSize),
    side === undefined ? undefined : scale(g, side.gradient, auxiliaryWeight / batchSize),
  );
  const outputs = { loss: scale(g, lossSum, 1 / batchSize), correct: main.correct };
  const exposed = plan.expose === true ? exposedOutputs(at, x, heads) : {};
  return g.entry('train', { ...outputs, ...exposed }, learn(at, training));
}

function exposedOutputs(
  at: Place,
  input: Value,
  { logits, auxiliary }: Heads,
): Record<string, Value> {
  const gradients = [...at.gradients].map(([name, value]) => [`gradient/${name}`, value] as const);
  const feedback = [...at.feedback].map(([path, value]) => [`feedback/${path}`, value] as const);
  const side = auxiliary === undefined ? {} : { auxiliary };
  return { input, logits, ...side, ...Object.fromEntries([...gradients, ...feedback]) };
}

function evaluateEntry(plan: StepPlan, variables: VariableTable): Entry {
  const { initialization } = plan.training;
  const at = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = at;
  const { pictures, labels } = inputs(g, plan.task, plan.evaluationBatch);
  const x = normalise(g, pictures, { statistics: plan.statistics });
  const { logits } = plan.network(at, { value: x, needsGradient: false });
  const { loss, correct } = classify(g, logits, { labels });
  return g.entry('evaluate', { loss, correct, logits });
}

/** Entries `train` (inputs pictures, labels, key, rate, keep?; outputs mean loss, correct) and `evaluate` (sums of loss and correct; logits). */
export function buildStepProgram(plan: StepPlan): StepProgram {
  const variables = new VariableTable();
  const entries = [trainEntry(plan, variables), evaluateEntry(plan, variables)];
  return { program: createProgram(variables.all, entries), variables };
}
