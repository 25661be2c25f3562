// A network of a spec in a session of its own: written down as a step program, and not trained yet.
import { parseGenotype, type TrialSpec } from '../../crds/index.ts';
import { ALONE } from '../program/index.ts';
import { networkOf } from './network-of.ts';
import { buildStepProgram } from './step-program.ts';
import type { OpenedData, Trained, TrialPorts } from './trial-ports.ts';

/** Pictures of an evaluation step: data is asked for batches of this size. */
export const EVALUATION_BATCH = 250;

/** Pictures of a call while the network is attacked: the fewer are left to fool, the fewer are asked about in vain. */
const ATTACK_BATCH = 100;

const isAttacked = ({ robustness, measures }: TrialSpec): boolean =>
  robustness !== undefined || measures?.robustAccuracy !== undefined;

/** The caller closes the session. */
export async function openNetwork(
  spec: TrialSpec,
  { task, classes, statistics }: Pick<OpenedData, 'task' | 'classes' | 'statistics'>,
  ports: Pick<TrialPorts, 'executor' | 'threads' | 'directory' | 'worker'>,
): Promise<Trained> {
  const { executor, threads, directory, worker = ALONE } = ports;
  const genotype = parseGenotype(spec.genotype);
  const network = await networkOf(spec, task);
  const step = buildStepProgram({
    network,
    task,
    statistics,
    training: spec.training,
    evaluationBatch: EVALUATION_BATCH,
    measures: spec.measures,
    worker,
    ...(isAttacked(spec) ? { attackBatch: ATTACK_BATCH } : {}),
  });
  const { device } = spec.training;
  const session = await executor.open(step.program, {
    device,
    ...(threads === undefined ? {} : { threads }),
  });
  const about = { spec, task, classes, statistics };
  return { ...about, genotype, network, session, step, directory, worker };
}
