// Looks at what the layers learn, between two steps: how far they are from backpropagation, and how much their gradients differ from
// batch to batch. Nothing is updated. Of several workers the first looks, by its part of a batch. What it costs is part of the trial's time, not of its epoch's rate.
import type { LayerAlignment } from '../../crds/index.ts';
import { layerAlignments } from './alignment.ts';
import type { LoopState } from './checkpoint.ts';
import { gradientVariances, isVarianceDue } from './gradient-variance.ts';
import { stepInputs } from './step-inputs.ts';
import type { TrainContext } from './train-context.ts';

/** Steps that looking at one costs: a forward pass and two ways back. */
const ALIGNMENT_COST = 5 / 3;
/** Of the steps trained meanwhile. */
const ALIGNMENT_SHARE = 0.03;

/** At the end of every epoch, of short ones at the end of every few, and of the last. */
function isAlignmentDue({ spec, data, measured }: TrainContext, epoch: number): boolean {
  if (measured.length === 0 || !spec.training.alignment) return false;
  const every = Math.ceil(ALIGNMENT_COST / ALIGNMENT_SHARE / data.stepsPerEpoch);
  return (epoch + 1) % every === 0 || epoch + 1 === spec.fidelity.epochs;
}

const wantsVariance = ({ program, spec }: TrainContext, epoch: number): boolean =>
  program.entries['gradients'] !== undefined && isVarianceDue(epoch, spec.training.epochs);

/** Before the first step, where only gradients have something to tell. Undefined where the trainer is asked to end. */
export async function lookAtStart(
  context: TrainContext,
  loop: LoopState,
): Promise<LoopState | undefined> {
  if (loop.epoch > 0 || loop.step > 0 || !wantsVariance(context, 0)) return loop;
  if (context.team.worker.rank > 0) return loop;
  return timed(context, loop, async () => {
    const variances = await gradientVariances(context);
    return context.measured.map(({ layer, rule }) => ({
      layer,
      ...(rule === undefined ? {} : { rule }),
      ...variances[layer],
    }));
  });
}

/** After the last step of an epoch, by its last batch. Undefined where the trainer is asked to end. */
export async function lookAt(
  context: TrainContext,
  loop: LoopState,
): Promise<LoopState | undefined> {
  const { session, data, measured } = context;
  const due = wantsVariance(context, loop.epoch + 1);
  if (!due && !isAlignmentDue(context, loop.epoch)) return loop;
  if (context.team.worker.rank > 0) return loop;
  const step = data.stepsPerEpoch - 1;
  return timed(context, loop, async () => {
    for await (const batch of data.training(loop.epoch, step, context.team.worker)) {
      const inputs = stepInputs(context, { epoch: loop.epoch, step }, batch, 'align');
      const { alignment } = await session.run('align', inputs);
      const layers = layerAlignments(measured, alignment?.data ?? []);
      const variances = due ? await gradientVariances(context) : {};
      return layers.map((each) => ({ ...each, ...variances[each.layer] }));
    }
    return [];
  });
}

/** The loop with what was seen, which is of its next epoch unless no step was taken yet. */
async function timed(
  { clock, signal }: TrainContext,
  loop: LoopState,
  look: () => Promise<LayerAlignment[]>,
): Promise<LoopState | undefined> {
  if (signal.aborted) return undefined;
  const before = clock.now();
  const layers = await look();
  if (signal.aborted) return undefined;
  const seconds = loop.seconds + (clock.now() - before) / 1000;
  return {
    ...loop,
    seconds,
    alignment: { epoch: loop.step === 0 ? loop.epoch : loop.epoch + 1, layers },
  };
}
