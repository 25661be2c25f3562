// What a search asks of a trained network beyond its scores: how accurate it is under attack, and how fast it answers.
import type { Latency, RobustAccuracy } from '../../crds/index.ts';
import { accuracyUnder } from './attack-run.ts';
import { firstPictures } from './attacked-pictures.ts';
import { only } from './evaluate.ts';
import { filled, noKey } from './filled.ts';
import { LATENCY } from './inference-entry.ts';
import { createPulse } from './pulse.ts';
import type { StepProgram } from './step-program.ts';
import type { TrainContext } from './train-context.ts';

export interface LateMetrics {
  readonly robustAccuracy?: number;
  /** [s] */
  readonly latency?: number;
}

type Asked = TrainContext & { readonly step: Pick<StepProgram, 'program'> };

/** Undefined where the trainer is asked to end meanwhile. */
export async function lateMetrics(context: Asked): Promise<LateMetrics | undefined> {
  const { robustAccuracy, latency } = context.spec.measures ?? {};
  try {
    return {
      ...(robustAccuracy === undefined
        ? {}
        : { robustAccuracy: await robustAccuracyOf(context, robustAccuracy) }),
      ...(latency === undefined ? {} : { latency: await latencyOf(context, latency) }),
    };
  } catch (error) {
    if (context.signal.aborted) return undefined;
    throw error;
  }
}

/** Along the true gradient: a signal of the rules may lead an attacker astray, and that is no strength (docs/adr/0014). */
async function robustAccuracyOf(
  context: Asked,
  { epsilon, steps, pictures: wanted }: RobustAccuracy,
): Promise<number> {
  const pictures = await firstPictures(context, wanted);
  const { beat } = createPulse(context, 1);
  const run = {
    attack: 'pgd',
    norm: 'linf',
    bound: epsilon,
    budget: steps,
    signal: 'exact',
  } as const;
  return accuracyUnder({ ...context, beat }, { run, pictures, from: context });
}

/** Runs to warm up, of those that count. */
const WARM_UP = 1 / 5;

/** Median seconds from pictures in the trainer's memory to logits there. */
async function latencyOf(
  { session, program, task, clock, signal }: Asked,
  { batchSize, runs }: Latency,
): Promise<number> {
  const shape = [batchSize, task.height, task.width, task.channels];
  const offered = { pictures: filled(shape, 0.5), key: noKey() };
  const inputs = only(offered, program.entries[LATENCY]?.inputs ?? {});
  const times: number[] = [];
  const first = Math.ceil(runs * WARM_UP);
  for (let run = 0; run < first + runs; run += 1) {
    signal.throwIfAborted();
    const before = clock.now();
    await session.run(LATENCY, inputs);
    if (run >= first) times.push((clock.now() - before) / 1000);
  }
  return median(times);
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? 0;
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
}
