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
import type { Trained } from './trial-ports.ts';

export const ROBUSTNESS = 'robustness.jsonl';

export interface RobustnessContext
  extends Pick<TrainContext, 'spec' | 'task' | 'session' | 'data' | 'clock' | 'signal'> {
  readonly step: Pick<StepProgram, 'program' | 'rules'>;
  /** Where the journal lies. */
  readonly directory: string;
  readonly keeper: Keeper;
  readonly log: (line: string) => void;
  /** Asked once, by the first attack that needs it; undefined where it diverged. */
  readonly trainSurrogate: () => Promise<Trained | undefined>;
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
  const { directory, keeper } = context;
  const path = join(directory, ROBUSTNESS);
  await keeper.restore(path);
  const known = await journal(path);
  const surrogate = lazily(context.trainSurrogate);
  const results: AttackResult[] = [];
  try {
    for (const [i, run] of runs.entries()) {
      const before = known.find((line) => isSameRun(line, run));
      const asked = { run, pictures, surrogate, number: `${i + 1} of ${runs.length}` };
      const result = before ?? (await attackOnce(context, asked));
      if (result === undefined) continue;
      results.push(result);
      if (before !== undefined) continue;
      await writeAtomically(path, results.map((line) => `${JSON.stringify(line)}\n`).join(''));
      keeper.offer(path);
    }
    return results;
  } finally {
    (await surrogate.known())?.session.close();
  }
}

interface Lazy<T> {
  get(): Promise<T>;
  /** Undefined where nobody has asked. */
  known(): Promise<T> | undefined;
}

function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make();
      return made;
    },
    known: () => made?.catch(() => undefined as T),
  };
}

interface Asked {
  readonly run: AttackRun;
  readonly pictures: Pictures;
  readonly surrogate: Lazy<Trained | undefined>;
  /** Place among all, for the log. */
  readonly number: string;
}

/** Undefined where it would have come from a surrogate that diverged. */
async function attackOnce(
  context: RobustnessContext,
  { run, pictures, surrogate, number }: Asked,
): Promise<AttackResult | undefined> {
  const { clock, log } = context;
  const from = ATTACK_TABLE[run.attack].bySurrogate === true ? await surrogate.get() : context;
  if (from === undefined) {
    log(`attack ${number}: ${nameOf(run)}: left out, as the surrogate diverged`);
    return undefined;
  }
  const start = clock.now();
  const accuracy = await accuracyUnder(context, { run, pictures, from });
  const seconds = ((clock.now() - start) / 1000).toFixed(1);
  log(`attack ${number}: ${nameOf(run)}: ${percent(accuracy)} in ${seconds} s`);
  return { ...run, accuracy };
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

/** What an attack asks: the network itself, or a surrogate. */
type Subject = Pick<RobustnessContext, 'spec' | 'session' | 'step'>;

const modelOf = (
  { session, step, spec }: Subject,
  { task, signal }: RobustnessContext,
  along: AttackSignal,
): AttackedModel =>
  attackedModel({ task, session, program: step.program, seed: spec.seed, signal }, along);

async function accuracyOf(context: RobustnessContext, pictures: Pictures): Promise<number> {
  const logits = await modelOf(context, context, 'exact').answer(pictures);
  const told = predictions(logits, context.task.classes);
  return pictures.labels.filter((label, i) => told[i] === label).length / pictures.labels.length;
}

/** Of pictures attacked at once. */
const MOST_BYTES = 2 ** 24;

interface Attempt extends Pick<Asked, 'run' | 'pictures'> {
  readonly from: Subject;
}

async function accuracyUnder(
  context: RobustnessContext,
  { run, pictures: { x, labels }, from }: Attempt,
): Promise<number> {
  const { attack, norm, bound, budget, signal = 'exact' } = run;
  const size = x.length / labels.length;
  const model = modelOf(from, context, signal);
  const some = Math.max(1, Math.floor(MOST_BYTES / (4 * size)));
  let right = 0;
  for (let first = 0; first < labels.length; first += some) {
    const part = {
      x: x.subarray(first * size, (first + some) * size),
      labels: labels.subarray(first, first + some),
    };
    // Both signals begin with the same draws.
    const random = Random.fromSeed(context.spec.seed).split(`${attack} ${norm} ${bound} ${first}`);
    const strength =
      norm === 'l0'
        ? { norm: 'linf' as const, bound, budget, random }
        : { norm, bound: bound / 255, budget, random };
    const moved = await ATTACK_TABLE[attack].perturb(model, part, strength);
    right += part.labels.length * (await accuracyOf(context, { x: moved, labels: part.labels }));
  }
  return Math.round(right) / labels.length;
}
