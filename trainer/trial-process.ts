// The trainer's process contract, apart from the process: one Trial in, reports out, an exit code with a meaning.
// 0 done, 64 bad input, 75 interrupted after a checkpoint, 1 anything else. A finished trial answers again at once.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, GenotypeError, Trial, TrialResult } from '../crds/index.ts';
import { ProgramError } from './program/index.ts';
import { createReporter, type ReportBus, type Reporter } from './reporting/index.ts';
import { type RunOutcome, runTrial, type TrialPorts, writeAtomically } from './training/index.ts';

export interface TrialProcess extends Omit<TrialPorts, 'listener'> {
  /** Text of the Trial, JSON. */
  readonly trialText: string;
  readonly attempt: number;
  readonly bus: ReportBus;
  readonly log: (line: string) => void;
}

/** A Trial that cannot be read or trained as it is written. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}

function parseTrial(text: string): Trial {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInputError('the Trial is no JSON', { cause });
  }
  const parsed = Trial.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInputError(
    `Trial ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  );
}

/** Runs the trial, tells the bus, and gives the exit code. Never rejects. */
export async function trialProcess(process: TrialProcess): Promise<number> {
  const { bus, attempt, log } = process;
  let reporter = createReporter(bus, { trial: '', attempt });
  try {
    const trial = parseTrial(process.trialText);
    reporter = createReporter(bus, { trial: trial.metadata.uid ?? trial.metadata.name, attempt });
    const outcome = (await finishedBefore(process)) ?? (await run(trial, process, reporter));
    if (outcome.kind === 'interrupted') {
      log(`interrupted after epoch ${outcome.epoch}; the checkpoint is in ${process.directory}`);
      await reporter.failure('Interrupted', 'stopped after a checkpoint').catch(() => undefined);
      return EXIT.interrupted;
    }
    await reporter.result(outcome.result);
    return EXIT.done;
  } catch (error) {
    return await fail(error, reporter, log);
  }
}

async function run(trial: Trial, process: TrialProcess, listener: Reporter): Promise<RunOutcome> {
  await mkdir(process.directory, { recursive: true });
  const outcome = await runTrial(trial.spec, { ...process, listener });
  if (outcome.kind === 'result')
    await writeAtomically(join(process.directory, RESULT), JSON.stringify(outcome.result, null, 2));
  return outcome;
}

const RESULT = 'result.json';

async function finishedBefore({ directory }: TrialProcess): Promise<RunOutcome | undefined> {
  const text = await readFile(join(directory, RESULT), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = TrialResult.safeParse(JSON.parse(text));
  return parsed.success ? { kind: 'result', result: parsed.data } : undefined;
}

const isBadInput = (error: unknown): boolean =>
  error instanceof BadInputError || error instanceof GenotypeError || error instanceof ProgramError;

async function fail(
  error: unknown,
  reporter: Reporter,
  log: (line: string) => void,
): Promise<number> {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  log(error instanceof Error ? (error.stack ?? message) : message);
  const reason = isBadInput(error) ? 'InvalidInput' : 'TrainerFailed';
  await reporter.failure(reason, message).catch((lost: unknown) => log(`not reported: ${lost}`));
  return isBadInput(error) ? EXIT.badInput : EXIT.failed;
}
