// Writes a supernet and its recipe down as one program. `train` is a whole step of DARTS in first order (Liu et al. 2019,
// algorithm 1): alpha takes its step on pictures of the second half, then weights take theirs under the new alpha on pictures of the
// first. `warmup` is the weights' step alone, and `train`, too, where alpha evolves (evolution.ts); `candidate` then scores an alpha on
// a batch of the second half. `evaluate` scores a batch.
import type { Supernet as SupernetSpec } from '../../../crds/index.ts';
import {
  type Alphas,
  CELL_KINDS,
  EDGES,
  type Network,
  type Supernet,
} from '../../network/index.ts';
import { noPasses, openPlace, type Place, VariableTable } from '../../primitives/index.ts';
import {
  add,
  createProgram,
  type Entry,
  type Graph,
  scale,
  type Update,
  type Value,
  type Variable,
} from '../../program/index.ts';
import { classify, normalise } from '../objective.ts';
import { openStep, openTraining, type StepPlan, stepPictures } from '../open-step.ts';
import { adam } from '../optimizers/index.ts';
import { inPrecision } from '../precision.ts';
import { evaluateEntry, learn, rulesOf, type StepProgram } from '../step-program.ts';

export interface SupernetStepPlan extends Omit<StepPlan, 'network'> {
  readonly supernet: Supernet;
  readonly candidates: number;
  readonly settings: SupernetSpec;
}

/** As DARTS has them. */
const ADAM = { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
/** Of alpha at the start; DARTS draws from a normal law. */
const DEVIATION = 1e-3;

export const alphaName = (kind: keyof Alphas): string => `alphas/${kind}`;
/** Inputs of `candidate` and `slopes`. */
export const candidateName = (kind: keyof Alphas): string => `candidate/${kind}`;
/** A variable []: epochs of which alpha has the evolution behind it. */
export const EVOLVED = 'alphas/evolved';

type AlphaVariables = Readonly<Record<keyof Alphas, Variable>>;
const ofBoth = <T>(make: (kind: keyof Alphas) => T): Readonly<Record<keyof Alphas, T>> =>
  Object.fromEntries(CELL_KINDS.map((kind) => [kind, make(kind)])) as Record<keyof Alphas, T>;

const declareAlphas = ({ g, variables }: Place, candidates: number): AlphaVariables =>
  ofBoth((kind) =>
    variables.declare(g, {
      name: alphaName(kind),
      shape: [EDGES, candidates],
      role: 'architecture',
      initializer: { kind: 'uniform', bound: DEVIATION * Math.sqrt(3) },
    }),
  );

/** The supernet under alpha as it is. */
const asItIs =
  ({ supernet, candidates }: SupernetStepPlan): Network =>
  (at, pictures) => {
    const variables = declareAlphas(at, candidates);
    return supernet(ofBoth((kind) => at.g.read(variables[kind])))(at, pictures);
  };

/** Pictures of the second half, as inputs. */
function secondHalf(g: Graph, { task, training, statistics }: SupernetStepPlan) {
  const { pictures, labels, keep } = stepPictures(g, task, {
    batch: training.batchSize,
    holes: training.augmentation.cutout > 0,
    prefix: 'architecture/',
  });
  return { x: normalise(g, pictures, { statistics, keep }), labels };
}

/** dLoss/dalpha on pictures of the second half. Nothing else comes of this pass: no gradient of weights, no lesson, no running statistics. */
function architecturePass(place: Place, alphas: Alphas, plan: SupernetStepPlan) {
  const { g } = place;
  const { batchSize } = plan.training;
  const { x, labels } = secondHalf(g, plan);
  const aside = { gradients: new Map(), learning: new Map(), feedback: new Map(), updates: [] };
  const at: Place = { ...place, ...aside, passes: noPasses(), labels };
  const heads = plan.supernet(alphas)(at, { value: x, needsGradient: false });
  const { loss, gradient } = classify(g, heads.logits, { labels });
  heads.backward(scale(g, gradient, 1 / batchSize));
  return { loss: scale(g, loss, 1 / batchSize), slopes: heads.slopes() };
}

/** Alpha after its step by Adam, and the updates that make it so. */
function alphaStep(at: Place, alphas: AlphaVariables, slopes: Alphas, settings: SupernetSpec) {
  const { g, variables } = at;
  const rate = g.scalar(settings.alphaLearningRate);
  const begun = g.within('alphas', () => adam(ADAM).begin({ g, variables, rate }));
  const updates: Update[] = [...begun.updates];
  const next = ofBoth((kind): Value => {
    const variable = alphas[kind];
    const decay = scale(g, g.read(variable), settings.alphaWeightDecay);
    const own = g.within(variable.name, () => begun.update(variable, add(g, slopes[kind], decay)));
    updates.push(...own);
    const moved = own.find((update) => update.variable === variable);
    return moved?.kind === 'assign'
      ? moved.value
      : g.refuse(`Adam does not assign ${variable.name}`);
  });
  return { next, updates };
}

function trainEntry(plan: SupernetStepPlan, variables: VariableTable) {
  const { training } = plan;
  const place = openTraining(plan, variables);
  const { g } = place;
  const alphas = declareAlphas(place, plan.candidates);
  const { loss: architectureLoss, slopes } = architecturePass(
    place,
    ofBoth((kind) => g.read(alphas[kind])),
    plan,
  );
  const { next, updates } = alphaStep(place, alphas, slopes, plan.settings);
  const { at, loss, correct, backward } = openStep(
    { ...plan, network: plan.supernet(next) },
    variables,
    place,
  );
  backward();
  const outputs = { loss, correct, architectureLoss };
  const entry = g.entry('train', outputs, [...learn(at, training), ...updates]);
  const rules = rulesOf(at);
  return { entry: inPrecision(entry, training, rules), rules };
}

/** The weights' step under alpha as it is. */
function weightsEntry(name: string, plan: SupernetStepPlan, variables: VariableTable) {
  const { training } = plan;
  const { at, loss, correct, backward } = openStep({ ...plan, network: asItIs(plan) }, variables);
  backward();
  const entry = at.g.entry(name, { loss, correct }, learn(at, training));
  const rules = rulesOf(at);
  return { entry: inPrecision(entry, training, rules), rules };
}

/** Under the alpha that it is given, with running statistics, as in EG-NAS. Sums over the batch. */
function candidateEntry(plan: SupernetStepPlan, variables: VariableTable): Entry {
  const { initialization } = plan.training;
  const at = openPlace({ mode: 'evaluate', variables, initialization });
  const { g } = at;
  variables.declare(g, {
    name: EVOLVED,
    shape: [],
    role: 'architecture',
    initializer: { kind: 'constant', value: 0 },
  });
  const alphas = alphaInputs(g, plan);
  const { x, labels } = secondHalf(g, plan);
  const { logits } = plan.supernet(alphas)(at, { value: x, needsGradient: false });
  const { loss, correct } = classify(g, logits, { labels });
  return g.entry('candidate', { loss, correct });
}

/** Slopes by the alpha that it is given, by batch statistics, on a batch of the second half: nothing is updated. */
function slopesEntry(plan: SupernetStepPlan, variables: VariableTable): Entry {
  const place = openTraining(plan, variables);
  const alphas = alphaInputs(place.g, plan);
  const { slopes } = architecturePass(place, alphas, plan);
  return place.g.entry('slopes', { ...slopes });
}

const alphaInputs = (g: Graph, { candidates }: SupernetStepPlan): Alphas =>
  ofBoth((kind) => g.input(candidateName(kind), [EDGES, candidates]));

/**
 * Entries `train` (inputs also architecture/pictures, architecture/labels; outputs also architectureLoss), `warmup` where asked for, and
 * `evaluate`. Where alpha evolves, `train` is the weights' step, and `candidate` (inputs candidate/normal, candidate/reduce,
 * architecture/pictures, architecture/labels) is there. `slopes`, of the same inputs, where eigenvalues are asked for.
 */
export function buildSupernetProgram(plan: SupernetStepPlan): StepProgram {
  const variables = new VariableTable();
  const { evolution, warmupEpochs } = plan.settings;
  const evolves = evolution !== undefined;
  const { entry, rules } = evolves
    ? weightsEntry('train', plan, variables)
    : trainEntry(plan, variables);
  const entries = [entry, evaluateEntry({ ...plan, network: asItIs(plan) }, variables)];
  if (plan.settings.eigenvalueSteps > 0) entries.push(slopesEntry(plan, variables));
  if (evolves) entries.push(candidateEntry(plan, variables));
  else if (warmupEpochs > 0) entries.push(weightsEntry('warmup', plan, variables).entry);
  return { program: createProgram(variables.all, entries), variables, rules, measured: [] };
}
