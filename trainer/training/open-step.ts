// A step of training up to its loss, and the way back from it: what `train` learns by and `align` looks at.
import type { Measures, Training } from '../../crds/index.ts';
import type { Network, Task } from '../network/index.ts';
import {
  giveLessons,
  openPlace,
  type Place,
  scaledUp,
  settled,
  type VariableTable,
  writePasses,
} from '../primitives/index.ts';
import { ALONE, add, type Graph, scale, type Value, type Worker } from '../program/index.ts';
import { readLossScale } from './loss-scaling.ts';
import { classify, normalise, type Statistics } from './objective.ts';

export interface StepPlan {
  readonly network: Network;
  readonly task: Task;
  readonly statistics: Statistics;
  readonly training: Training;
  /** Pictures of an evaluation batch. */
  readonly evaluationBatch: number;
  /** Adds the entries that attacks ask, for so many pictures a call. */
  readonly attackBatch?: number;
  /** Adds the entries that these need. */
  readonly measures?: Measures | undefined;
  /** Which of several trains here, by an equal part of each batch; default: one, by all of it. */
  readonly worker?: Worker;
  /** Adds normalised pictures, logits, every gradient (before clipping and decay) and feedback weight to the outputs of `train`: for `debug step`. */
  readonly expose?: boolean;
}

/** Pictures of a batch that this worker trains by. */
const partSize = ({ training, worker = ALONE }: StepPlan): number =>
  training.batchSize / worker.world;

interface PictureInputs {
  readonly batch: number;
  /** Whether cutout made holes. */
  readonly holes?: boolean;
  /** Of the inputs' names. */
  readonly prefix?: string;
}

export function stepPictures(
  g: Graph,
  { height, width, channels }: Task,
  { batch, holes = false, prefix = '' }: PictureInputs,
) {
  return {
    pictures: g.input(`${prefix}pictures`, [batch, height, width, channels], 'uint8'),
    labels: g.input(`${prefix}labels`, [batch], 'int32'),
    keep: holes ? g.input(`${prefix}keep`, [batch, height, width, 1], 'uint8') : undefined,
  };
}

/** The place that a step of training is written in. */
export function openTraining(
  { training, worker }: Pick<StepPlan, 'training' | 'worker'>,
  variables: VariableTable,
): Place {
  const { initialization, regularisation } = training;
  const largest = regularisation.gradientClipValue || undefined;
  return openPlace({ mode: 'train', variables, initialization, largest, worker });
}

/** The same of a step that updates weights: signals are scaled where they are float16. */
export function openLearning(
  plan: Pick<StepPlan, 'training' | 'worker'>,
  variables: VariableTable,
): Place {
  const place = openTraining(plan, variables);
  if (plan.training.precision !== 'float16') return place;
  return { ...place, lossScale: readLossScale(place.g, variables) };
}

/**
 * Inputs pictures, labels, key, keep? and what the network adds; the further passes that its layers learn by or settle in. `backward`
 * writes the way back from the mean loss, and what layers learn.
 */
export function openStep(
  plan: StepPlan,
  variables: VariableTable,
  place: Place = openTraining(plan, variables),
) {
  const { training, task, statistics } = plan;
  const { g } = place;
  const holes = training.augmentation.cutout > 0;
  const batch = partSize(plan);
  const { pictures, labels, keep } = stepPictures(g, task, { batch, holes });
  const at = { ...place, labels };

  const x = normalise(g, pictures, { statistics, keep });
  const answer = (where: Place) => answered(plan, where, { x, labels });
  const first = answer(at);
  const { heads, main, lossSum } = first;
  writePasses(at, { x, error: main.gradient }, plan.network);
  const last = settled(at, first, answer);
  const backward = () => {
    (at.backwards.exact ? first : last).backward();
    giveLessons(at);
  };
  return { at, x, heads, loss: scale(g, lossSum, 1 / batch), correct: main.correct, backward };
}

/** A pass through the network, its loss over the batch, and the way back from the mean loss. */
function answered(
  plan: StepPlan,
  at: Place,
  { x, labels }: { readonly x: Value; readonly labels: Value },
) {
  const { g } = at;
  const { network, training } = plan;
  const { auxiliaryWeight, labelSmoothing: smoothing } = training.regularisation;
  const batch = partSize(plan);
  const heads = network(at, { value: x, needsGradient: false });
  const main = classify(g, heads.logits, { labels, smoothing });
  const side =
    heads.auxiliary === undefined ? undefined : classify(g, heads.auxiliary, { labels, smoothing });
  const lossSum =
    side === undefined ? main.loss : add(g, main.loss, scale(g, side.loss, auxiliaryWeight));
  const backward = () =>
    void heads.backward(
      scaledUp(at, scale(g, main.gradient, 1 / batch)),
      side === undefined
        ? undefined
        : scaledUp(at, scale(g, side.gradient, auxiliaryWeight / batch)),
    );
  return { heads, main, lossSum, backward };
}
