// How the trained network stands up to attacks on test pictures. Every attack that has ended is in robustness.jsonl, so that a
// trainer that is stopped in between goes on with the next one.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AttackResult, type RobustnessResult } from '../../crds/index.ts';
import {
  ATTACK_TABLE,
  type AttackedModel,
  type AttackRun,
  type AttackSignal,
  attackRuns,
  isSameRun,
  type Pictures,
  predictions,
} from '../attacks/index.ts';
import { backpropagation } from '../learning-rules/index.ts';
import { Random } from '../random.ts';
import { writeAtomically } from './atomic-file.ts';
import { attackedModel } from './attacked-model.ts';
import type { Keeper } from './keeper.ts';
import type { StepProgram } from './step-program.ts';
import type { TrainContext } from './train-context.ts';

export const ROBUSTNESS = 'robustness.jsonl';

export interface RobustnessContext
  extends Pick<TrainContext, 'spec' | 'task' | 'session' | 'data' | 'clock' | 'signal'> {
  readonly step: Pick<StepProgram, 'program' | 'rules'>;
  /** Where the journal lies. */
  readonly directory: string;
  readonly keeper: Keeper;
  readonly log: (line: string) => void;
}

/** Undefined where the trainer is asked to end before the last attack has. */
export async function measureRobustness(
  context: RobustnessContext,
): Promise<RobustnessResult | undefined> {
  const { spec, step, signal } = context;
  if (spec.robustness === undefined) return undefined;
  const masked = Object.values(step.rules).some((rule) => rule !== backpropagation.name);
  const runs = attackRuns(spec.robustness.attacks, masked);
  const pictures = await firstPictures(context, spec.robustness.pictures);
  try {
    const accuracy = await accuracyOf(context, pictures);
    const attacks = await attackAll(context, runs, pictures);
    return { pictures: pictures.labels.length, accuracy, attacks };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Those of `runs` that a journal tells of are not run again. */
async function attackAll(
  context: RobustnessContext,
  runs: readonly AttackRun[],
  pictures: Pictures,
): Promise<AttackResult[]> {
  const { directory, keeper, clock, log } = context;
  const path = join(directory, ROBUSTNESS);
  await keeper.restore(path);
  const known = await journal(path);
  const results: AttackResult[] = [];
  for (const [i, run] of runs.entries()) {
    const before = known.find((line) => isSameRun(line, run));
    const start = clock.now();
    const result = before ?? { ...run, accuracy: await attacked(context, run, pictures) };
    results.push(result);
    if (before !== undefined) continue;
    const seconds = ((clock.now() - start) / 1000).toFixed(1);
    log(
      `attack ${i + 1} of ${runs.length}: ${nameOf(run)}: ${percent(result.accuracy)} in ${seconds} s`,
    );
    await writeAtomically(path, results.map((line) => `${JSON.stringify(line)}\n`).join(''));
    keeper.offer(path);
  }
  return results;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} % told right`;

const nameOf = ({ attack, norm, bound, budget, signal }: AttackRun): string =>
  [attack, norm, norm === 'l0' ? bound : `${bound}/255`, `budget ${budget}`, signal ?? ''].join(
    ' ',
  );

async function journal(path: string): Promise<AttackResult[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = AttackResult.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** The first test pictures, in [0, 1]. */
async function firstPictures({ data, task }: RobustnessContext, wanted: number): Promise<Pictures> {
  const size = task.height * task.width * task.channels;
  const found: { readonly x: Uint8Array; readonly label: number }[] = [];
  for await (const { pictures, labels } of data.evaluation()) {
    for (const [i, label] of labels.entries())
      if (label >= 0 && found.length < wanted)
        found.push({ x: pictures.slice(i * size, (i + 1) * size), label });
    if (found.length === wanted) break;
  }
  const x = new Float32Array(found.length * size);
  for (const [i, picture] of found.entries())
    x.set(
      Float32Array.from(picture.x, (value) => value / 255),
      i * size,
    );
  return { x, labels: Int32Array.from(found, ({ label }) => label) };
}

const modelOf = (
  { step, spec, task, session, signal }: RobustnessContext,
  along: AttackSignal,
): AttackedModel =>
  attackedModel({ task, session, program: step.program, seed: spec.seed, signal }, along);

async function accuracyOf(context: RobustnessContext, pictures: Pictures): Promise<number> {
  const logits = await modelOf(context, 'exact').answer(pictures);
  const told = predictions(logits, context.task.classes);
  return pictures.labels.filter((label, i) => told[i] === label).length / pictures.labels.length;
}

/** Of pictures attacked at once. */
const MOST_BYTES = 2 ** 24;

async function attacked(
  context: RobustnessContext,
  run: AttackRun,
  { x, labels }: Pictures,
): Promise<number> {
  const { spec } = context;
  const { norm, bound, budget, signal = 'exact' } = run;
  const size = x.length / labels.length;
  const model = modelOf(context, signal);
  const some = Math.max(1, Math.floor(MOST_BYTES / (4 * size)));
  let right = 0;
  for (let from = 0; from < labels.length; from += some) {
    const part = {
      x: x.subarray(from * size, (from + some) * size),
      labels: labels.subarray(from, from + some),
    };
    // Both signals begin with the same draws.
    const random = Random.fromSeed(spec.seed).split(`${run.attack} ${norm} ${bound} ${from}`);
    const strength =
      norm === 'l0'
        ? { norm: 'linf' as const, bound, budget, random }
        : { norm, bound: bound / 255, budget, random };
    const moved = await ATTACK_TABLE[run.attack].perturb(model, part, strength);
    right += part.labels.length * (await accuracyOf(context, { x: moved, labels: part.labels }));
  }
  return Math.round(right) / labels.length;
}
