// Writes a supernet down as single paths: `train` is the step of one path's weights, `calibrate` takes the statistics of its batch norms
// from a batch and changes nothing else, `evaluate` scores a batch by them. All have the path as inputs.

import type { Tensors } from '../../../executors/index.ts';
import { EDGES, type Network, type SinglePaths } from '../../../network/index.ts';
import { openPlace, VariableTable } from '../../../primitives/index.ts';
import { createProgram, type Entry } from '../../../program/index.ts';
import { normalise } from '../../objective.ts';
import { openStep, type StepPlan, stepPictures } from '../../open-step.ts';
import { inPrecision } from '../../precision.ts';
import { evaluateEntry, learn, rulesOf, type StepProgram } from '../../step-program.ts';
import type { Path } from './genes.ts';

export interface SinglePathPlan extends Omit<StepPlan, 'network'> {
  readonly paths: SinglePaths;
}

const NORMAL = 'path/normal';
const REDUCE = 'path/reduce';

export const pathInputs = ({ normal, reduce }: Path): Tensors => {
  const tensor = (row: readonly number[]) => ({
    dtype: 'int32' as const,
    shape: [EDGES],
    data: Int32Array.from(row),
  });
  return { [NORMAL]: tensor(normal), [REDUCE]: tensor(reduce) };
};

const onePath =
  ({ paths }: SinglePathPlan): Network =>
  (at, pictures) => {
    const normal = at.g.input(NORMAL, [EDGES], 'int32');
    const reduce = at.g.input(REDUCE, [EDGES], 'int32');
    return paths({ normal, reduce })(at, pictures);
  };

/** The newest batch has its share in the statistics: 1 of n is the mean of n batches, and forgets what was before them. */
function calibrateEntry(plan: SinglePathPlan, variables: VariableTable): Entry {
  const { initialization, batchSize, augmentation } = plan.training;
  const opened = openPlace({ mode: 'train', variables, initialization });
  const { g } = opened;
  const holes = augmentation.cutout > 0;
  const { pictures, labels, keep } = stepPictures(g, plan.task, { batch: batchSize, holes });
  const at = { ...opened, labels, newestShare: g.input('newestShare', []) };
  const x = normalise(g, pictures, { statistics: plan.statistics, keep });
  onePath(plan)(at, { value: x, needsGradient: false });
  const statistics = at.updates.filter(({ variable }) => variable.role === 'statistic');
  return g.entry('calibrate', {}, statistics);
}

export function buildSinglePathProgram(plan: SinglePathPlan): StepProgram {
  const variables = new VariableTable();
  const network = onePath(plan);
  const { at, loss, correct, backward } = openStep({ ...plan, network }, variables);
  backward();
  const { training } = plan;
  const rules = rulesOf(at);
  const written = at.g.entry('train', { loss, correct }, learn(at, training));
  const train = inPrecision(written, training, rules);
  const entries = [
    train,
    calibrateEntry(plan, variables),
    evaluateEntry({ ...plan, network }, variables),
  ];
  const program = createProgram(variables.all, entries);
  return { program, variables, rules, measured: [] };
}
