// Scoring: the network as it is on the evaluation pictures, batch by batch.
import type { Session, Tensors } from '../executors/index.ts';
import type { Task } from '../network/index.ts';
import type { Program, Value } from '../program/index.ts';
import { noKey } from './filled.ts';
import type { TrainingData } from './ports.ts';
import { nobody, type Team } from './team.ts';

export interface EvaluationContext {
  readonly task: Task;
  readonly program: Program;
  readonly session: Session;
  readonly data: Pick<TrainingData, 'evaluation'>;
  readonly signal: AbortSignal;
  /** Who scores a part each; default: one all. */
  readonly team?: Team;
  /** What else the entry is fed. */
  readonly inputs?: Tensors;
}

export interface Score {
  /** Mean, in nats. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Undefined where the signal came before the last batch: a score of a part would be another score. */
export async function evaluate(context: EvaluationContext): Promise<Score | undefined> {
  const { team = nobody, signal } = context;
  const { loss, correct, pictures } = await partSums(context, team);
  const own = [loss, correct, pictures, signal.aborted ? 1 : 0];
  const [losses = 0, right = 0, count = 0, stopped = 0] = await team.sum(own);
  return stopped > 0 ? undefined : { loss: losses / count, accuracy: right / count };
}

/** Over the pictures that are this worker's to score, up to where it is asked to end. */
async function partSums(context: EvaluationContext, { worker }: Team) {
  const { session, data, task, program, signal } = context;
  const { height, width, channels } = task;
  const wanted = program.entries['evaluate']?.inputs ?? {};
  const sums = { loss: 0, correct: 0, pictures: 0 };
  for await (const { pictures, labels } of data.evaluation(worker)) {
    if (signal.aborted) break;
    const inputs: Tensors = {
      pictures: { dtype: 'uint8', shape: [labels.length, height, width, channels], data: pictures },
      labels: { dtype: 'int32', shape: [labels.length], data: labels },
      key: noKey(),
      ...context.inputs,
    };
    const outputs = await session.run('evaluate', only(inputs, wanted));
    sums.loss += numberOf(outputs, 'loss');
    sums.correct += numberOf(outputs, 'correct');
    sums.pictures += labels.reduce((count, label) => count + (label < 0 ? 0 : 1), 0);
  }
  return sums;
}

/** The offered tensors that an entry names. */
export function only(offered: Tensors, wanted: Readonly<Record<string, Value>>): Tensors {
  return Object.fromEntries(Object.entries(offered).filter(([name]) => name in wanted));
}

/** First element of an output. */
export const numberOf = (outputs: Tensors, name: string): number =>
  outputs[name]?.data[0] ?? Number.NaN;
