// From a manifest to what it takes: which networks, a few of them rehearsed, and the rest by the line through those.
import { type BioNASSearch, type TrialSpec, workersOf } from '../../crds/index.ts';
import { deviceOfTrial, devicesOfTrial } from '../../operator/reconcilers/index.ts';
import type { Task } from '../../trainer/network/index.ts';
import type { Pictures, PicturesOfSearch } from '../run/index.ts';
import { amongWorkers, costModel, type Measured, misfitOf } from './cost-model.ts';
import { type MeasureOptions, measure, trainersAtOnce } from './measure.ts';
import {
  type Costed,
  epochSecondsOf,
  makespan,
  type Prediction,
  predictionOf,
  type Stage,
  secondsOf,
  sum,
} from './prediction.ts';
import { macsBy, sizesOf } from './sizes.ts';
import { type Training, trainingsOf } from './trainings.ts';

export interface PlanOptions extends MeasureOptions {
  /** Of a device for an hour, in the user's money. */
  readonly price?: number | undefined;
}

/** @throws RehearsalError, and the errors of data set, format, split and network */
export async function planSearch(
  search: BioNASSearch,
  { task, ...pictures }: PicturesOfSearch,
  options: PlanOptions,
): Promise<Prediction> {
  const { slots } = options;
  const drawn = trainingsOf(search, () => 1, slots).search;
  const searched = await sample(drawn, { task, pictures: pictures.search, options });
  const known = new Map(
    drawn.map((each) => [each.spec.genotype, epochSecondsOf(searched.costed(each))]),
  );
  const typical = sum([...known.values()]) / Math.max(1, known.size);
  // Which networks come next hangs on which end first.
  const {
    search: trainings,
    final,
    seconds,
  } = trainingsOf(search, (genotype) => known.get(genotype) ?? typical, slots);
  const costed = trainings.map(searched.costed);
  const starts = costed.map((each) => each.starts * each.cost.startSeconds);
  const searchStage = {
    ...stageOf(search, costed, searched),
    clockSeconds: seconds + sum(starts) / slots,
  };
  if (final.length === 0) return predictionOf(search.spec, { search: searchStage }, options);
  const retrained = await sample(final, {
    task,
    pictures: pictures.final,
    options,
    like: searched,
  });
  const retrainings = final.map(retrained.costed);
  const finalStage = {
    ...stageOf(search, retrainings, retrained),
    clockSeconds: makespan(retrainings.map(secondsOf), slots),
  };
  return predictionOf(search.spec, { search: searchStage, final: finalStage }, options);
}

/** A few trainings of a stage, measured, and by them what any of it costs. */
interface Sample {
  /** What the measured figures hold for. */
  readonly recipe: string;
  readonly measured: readonly Measured[];
  /** How far those are from the line through them. */
  readonly misfit: number;
  readonly costed: (training: Training) => Costed;
}

interface Sampling {
  readonly task: Task;
  readonly pictures: Pictures;
  readonly options: PlanOptions;
  /** Its figures serve where the recipe is the same. */
  readonly like?: Sample;
}

async function sample(
  trainings: readonly Training[],
  { task, pictures, options, like }: Sampling,
): Promise<Sample> {
  const specs = trainings.map(({ spec }) => spec);
  const networks = await sizesOf(specs, task);
  const together = trainersAtOnce(specs, options);
  const recipe = recipeOf(specs, together);
  const measured =
    like?.recipe === recipe ? like.measured : await measure(networks, together, options);
  const model = costModel(measured);
  const macsOf = macsBy(networks);
  const costed = ({ spec, epochs, starts }: Training): Costed => ({
    cost: amongWorkers(model(macsOf(spec.genotype)), workersStoodFor(spec)),
    epochs,
    starts,
    batchSize: spec.training.batchSize,
    pictures,
    scoresEpochs: spec.purpose === 'Search',
  });
  return { recipe, measured, misfit: misfitOf(measured, model), costed };
}

/** As many as share the work that a rehearsal does by itself: on CPUs it has the threads of all workers, but of their accelerators one. */
const workersStoodFor = (spec: TrialSpec): number =>
  deviceOfTrial(spec, undefined) === 'accelerator' ? workersOf(spec.template) : 1;

/** What the time of a step hangs on, beside the network's edges. */
function recipeOf([first]: readonly TrialSpec[], together: number): string {
  const { kind, shape, training } = first ?? {};
  const { epochs: _epochs, schedule: _schedule, optimizer, ...rest } = training ?? {};
  return JSON.stringify([together, kind, shape, optimizer?.name, rest]);
}

function stageOf(
  search: BioNASSearch,
  trainings: readonly Costed[],
  { measured, misfit }: Sample,
): Omit<Stage, 'clockSeconds'> {
  const { trialTemplate: template, sharing } = search.spec;
  const devices = devicesOfTrial({ sharing, template }, undefined);
  return {
    trainings: trainings.length,
    epochs: sum(trainings.map(({ epochs }) => epochs)),
    deviceSeconds: devices * sum(trainings.map(secondsOf)),
    misfit,
    measured,
  };
}
