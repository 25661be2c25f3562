// Writes a network, its rules and a recipe down as one program: `train` is a whole step, `evaluate` scores a batch,
// `logits` answers for pictures. Read top to bottom: inputs, forward, loss, backward, clipping, decay, update, constraint.
import type { Training } from '../../crds/index.ts';
import type { Heads } from '../network/index.ts';
import { conditionOf, openPlace, orZero, type Place, VariableTable } from '../primitives/index.ts';
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
import { acrossWorkers } from './across-workers.ts';
import { alignmentEntry, gradientsEntry, type MeasuredLayer } from './alignment-entry.ts';
import { attackEntries } from './attack-entries.ts';
import { constrained } from './constrain-weights.ts';
import { inferenceEntry, LATENCY } from './inference-entry.ts';
import { onlyIfFinite, unscaleGradients } from './loss-scaling.ts';
import { classify, normalise } from './objective.ts';
import { openLearning, openStep, type StepPlan, stepPictures } from './open-step.ts';
import { createOptimizer } from './optimizers/index.ts';
import { inPrecision } from './precision.ts';
import { synflowEntry } from './synflow-entry.ts';
import { workerEntries } from './worker-entries.ts';

export type { StepPlan } from './open-step.ts';

export interface StepProgram {
  readonly program: Program;
  readonly variables: VariableTable;
  /** Name of the rule of each layer that sends a signal back or learns by a further pass, by its path; of such a pass, by its name. */
  readonly rules: Readonly<Record<string, string>>;
  /** Layers that `align` measures, in the order of its rows. */
  readonly measured: readonly MeasuredLayer[];
}

/** Square of the global norm of all gradients. What is absent has no length. */
function squaredNorm(at: Place, names: readonly string[]): Value {
  const { g, gradients } = at;
  const groups = new Map<Value | undefined, Value>();
  for (const name of names) {
    const gradient = gradients.get(name);
    if (gradient === undefined) continue;
    const condition = conditionOf(at, name);
    const squares = total(g, square(g, gradient));
    const others = groups.get(condition);
    groups.set(condition, others === undefined ? squares : add(g, others, squares));
  }
  const squares = [...groups].map(([condition, sum]) =>
    condition === undefined ? sum : orZero(g, sum, condition),
  );
  return squares.reduce((sum, each) => add(g, sum, each));
}

/** Factor that brings the global norm down to `largest` (Pascanu et al. 2013). */
function clipFactor(g: Graph, squares: Value, largest: number): Value {
  const norm = sqrt(g, squares);
  const factor = divide(g, g.scalar(largest), add(g, norm, g.scalar(1e-6)));
  return minimum(g, g.scalar(1), factor);
}

/** Backward, then: clip by global norm, add weight decay, hand to the optimizer. */
export function learn(at: Place, training: Training): Update[] {
  const { g, gradients, variables } = at;
  const rate = g.input('rate', []);
  const { gradientClip, constrainWeights } = training.regularisation;
  const { weightDecay } = training.optimizer;
  const own = variables.parameters.map(({ name }) => name);
  unscaleGradients(at);
  const scaled = at.lossScale !== undefined;
  const squares = gradientClip > 0 || scaled ? squaredNorm(at, own) : undefined;
  const clip = gradientClip > 0 && squares ? clipFactor(g, squares, gradientClip) : undefined;
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
  const moved = [...updates, ...(constrainWeights ? constrained(at, each) : each)];
  return [...at.updates, ...(scaled && squares ? onlyIfFinite(at, squares, moved) : moved)];
}

function trainEntry(plan: StepPlan, variables: VariableTable) {
  const { training } = plan;
  const place = openLearning(plan, variables);
  const { at, x, heads, loss, correct, backward } = openStep(plan, variables, place);
  backward();
  const said = acrossWorkers(at, { loss, correct });
  const updates = learn(at, training);
  const exposed = plan.expose === true ? exposedOutputs(at, x, heads) : {};
  const entry = at.g.entry('train', { ...said, ...exposed }, updates);
  const rules = rulesOf(at);
  return { entry: inPrecision(entry, training, rules), rules };
}

/** As StepProgram has them. */
export const rulesOf = ({ feedback }: Place): StepProgram['rules'] =>
  Object.fromEntries([...feedback].map(([path, { rule }]) => [path, rule]));

function exposedOutputs(
  at: Place,
  input: Value,
  { logits, auxiliary }: Heads,
): Record<string, Value> {
  const gradients = [...at.gradients].map(([name, value]) => [`gradient/${name}`, value] as const);
  const feedback = [...at.feedback].flatMap(([path, { B }]) =>
    B === undefined ? [] : [[`feedback/${path}`, B] as const],
  );
  const shown = [...at.passes.shown].map(([name, value]) => [`shown/${name}`, value] as const);
  const side = auxiliary === undefined ? {} : { auxiliary };
  return { input, logits, ...side, ...Object.fromEntries([...shown, ...gradients, ...feedback]) };
}

export function evaluateEntry(plan: StepPlan, variables: VariableTable): Entry {
  const { initialization } = plan.training;
  const at = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = at;
  const { pictures, labels } = stepPictures(g, plan.task, { batch: plan.evaluationBatch });
  const x = normalise(g, pictures, { statistics: plan.statistics });
  const { logits } = plan.network(at, { value: x, needsGradient: false });
  const { loss, correct } = classify(g, logits, { labels });
  return g.entry('evaluate', { loss, correct, logits });
}

/**
 * Entries `train` (inputs pictures, labels, key, rate, keep?; outputs mean loss, correct) and `evaluate` (sums of loss and correct;
 * logits); `align` and `gradients` where the recipe asks for what they measure (alignment-entry.ts); what attacks and measures
 * ask where the plan says so (attack-entries.ts, synflow-entry.ts, inference-entry.ts). Of one worker among several, `train` is a part of
 * a step, with the input and output `stop` (across-workers.ts), and there are entries to agree by (worker-entries.ts).
 */
export function buildStepProgram(plan: StepPlan): StepProgram {
  const variables = new VariableTable();
  const { entry, rules } = trainEntry(plan, variables);
  const entries = [entry, evaluateEntry(plan, variables)];
  const { alignment, gradientVariance } = plan.training;
  const { alignmentAtInit = false, synflow, latency } = plan.measures ?? {};
  const looking = alignment || gradientVariance || alignmentAtInit;
  const looks = looking ? alignmentEntry(plan, variables) : undefined;
  const measured = looks?.layers ?? [];
  if (looks !== undefined) entries.push(looks.entry);
  if (gradientVariance) entries.push(gradientsEntry(plan, variables, measured));
  if (synflow === true) entries.push(synflowEntry(plan, variables));
  if (latency !== undefined)
    entries.push(inferenceEntry({ ...plan, variables }, latency.batchSize, LATENCY));
  const { attackBatch } = plan;
  if (attackBatch !== undefined)
    entries.push(...attackEntries({ ...plan, attackBatch }, variables));
  const { worker } = plan;
  if (worker !== undefined && worker.world > 1)
    entries.push(...workerEntries(variables.all, worker));
  return { program: createProgram(variables.all, entries), variables, rules, measured };
}
