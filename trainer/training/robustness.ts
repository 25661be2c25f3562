// How the trained network stands up to attacks on test pictures. Every attack that has ended is in robustness.jsonl, so that a
// trainer that is stopped in between goes on with the next one.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AttackResult, KEPT_FILES, type RobustnessResult } from '../../crds/index.ts';
import {
  ATTACK_TABLE,
  type AttackRun,
  attackRuns,
  isSameRun,
  type Pictures,
} from '../attacks/index.ts';
import type { Program } from '../program/index.ts';
import { writeAtomically } from './atomic-file.ts';
import { SLOPES } from './attack-entries.ts';
import { type AttackContext, accuracyOf, accuracyUnder } from './attack-run.ts';
import { firstPictures } from './attacked-pictures.ts';
import { type Keeper, restoreMissing } from './keeper.ts';
import { createPulse, type Pulse } from './pulse.ts';
import type { TrainContext } from './train-context.ts';
import type { Trained } from './trial-ports.ts';

export const ROBUSTNESS = KEPT_FILES.robustness;

export interface RobustnessContext
  extends Omit<AttackContext, 'beat'>,
    Pick<TrainContext, 'data' | 'clock' | 'listener'> {
  /** Where the journal lies. */
  readonly directory: string;
  readonly keeper: Keeper;
  readonly log: (line: string) => void;
  /** Asked once, by the first attack that needs it; undefined where it diverged. `beat` is called while it trains. */
  readonly trainSurrogate: (beat: () => void) => Promise<Trained | undefined>;
}

/** Undefined where the trainer is asked to end before the last attack has. */
export async function measureRobustness(
  context: RobustnessContext,
): Promise<RobustnessResult | undefined> {
  const { spec, step, signal } = context;
  if (spec.robustness === undefined) return undefined;
  const runs = attackRuns(spec.robustness.attacks, sendsItsOwn(step.program));
  const pictures = await firstPictures(context, spec.robustness.pictures);
  const pulse = createPulse(context, runs.length);
  try {
    const accuracy = await accuracyOf({ ...context, beat: pulse.beat }, pictures);
    const attacks = await attackAll({ ...context, ...pulse }, runs, pictures);
    return { pictures: pictures.labels.length, accuracy, attacks };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Whether anything but backpropagation goes back: the two slopes are then two programs. */
function sendsItsOwn({ entries }: Program): boolean {
  const [own, exact] = [SLOPES.rules, SLOPES.exact].map((name) =>
    JSON.stringify(entries[name]?.operations),
  );
  return own !== exact;
}

/** Those of `runs` that a journal tells of are not run again. */
async function attackAll(
  context: RobustnessContext & Pulse,
  runs: readonly AttackRun[],
  pictures: Pictures,
): Promise<AttackResult[]> {
  const { directory, keeper, log } = context;
  const path = join(directory, ROBUSTNESS);
  await restoreMissing(keeper, path, log);
  const known = await journal(path);
  const surrogate = lazily(() => context.trainSurrogate(context.beat));
  const results: AttackResult[] = [];
  try {
    for (const [i, run] of runs.entries()) {
      context.ended(i);
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
  context: RobustnessContext & Pulse,
  { run, pictures, surrogate, number }: Asked,
): Promise<AttackResult | undefined> {
  const { clock, log } = context;
  const from = ATTACK_TABLE[run.attack].asks === 'surrogate' ? await surrogate.get() : context;
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
