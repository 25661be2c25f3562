// The trainer's process contract, apart from the process: one Trial in, reports out, an exit code with a meaning.
// 0 done, 64 bad input, 69 no device of the kind that was asked for, 75 interrupted after a checkpoint, 76 another worker is lost, 1 anything
// else. A finished trial answers again at once. Of several workers the first reports and keeps files; the others report failures alone.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, GenotypeError, KEPT_FILES, Trial, TrialResult } from '../crds/index.ts';
import { SplitError } from './data/index.ts';
import { PeerLostError } from './executors/index.ts';
import { NetworkError } from './network/index.ts';
import { ALONE, ProgramError } from './program/index.ts';
import { createReporter, failuresOnly, type ReportBus, type Reporter } from './reporting/index.ts';
import { DeviceError } from './self-check/index.ts';
import {
  BadInputError,
  CHECKPOINT,
  identityOf,
  type RunOutcome,
  removeTorn,
  restoreMissing,
  runTrial,
  type TrialPorts,
  writeAtomically,
} from './training/index.ts';

type Kept = Pick<TrialPorts, 'directory' | 'keeper'>;

export interface TrialProcess extends Omit<TrialPorts, 'listener' | keyof Kept> {
  /** Where its files are written, and what they outlive it on. */
  readonly keptBy: (trial: Trial) => Kept;
  /** Text of the Trial, JSON. */
  readonly trialText: string;
  readonly attempt: number;
  /** What is wrong with the environment: it is reported, and nothing is trained. */
  readonly flaw?: BadInputError | undefined;
  readonly bus: ReportBus;
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

type Placed = TrialProcess & Kept;

/** Runs the trial, tells the bus, and gives the exit code. Never rejects. */
export async function trialProcess(process: TrialProcess): Promise<number> {
  const { bus, attempt, log, spans } = process;
  let reporter = createReporter(bus, { trial: '', attempt });
  try {
    const trial = parseTrial(process.trialText);
    reporter = createReporter(bus, { trial: trial.metadata.uid ?? trial.metadata.name, attempt });
    if (!isFirst(process)) reporter = failuresOnly(reporter);
    if (process.flaw !== undefined) throw process.flaw;
    const placed = { ...process, ...process.keptBy(trial) };
    const outcome = await outcomeOf(trial, placed, reporter);
    if (outcome.kind === 'helped') return EXIT.done;
    if (outcome.kind === 'interrupted') return await leave(outcome.epoch, placed, reporter);
    await spans.during('report', () => reporter.result(outcome.result));
    return EXIT.done;
  } catch (error) {
    // Asked to end while the result waited for its bus: it is kept, and the next attempt answers at once.
    if (process.signal.aborted && !isBadInput(error)) return EXIT.interrupted;
    return await fail(error, reporter, log);
  }
}

/** After its checkpoint. */
async function leave(epoch: number, process: Placed, reporter: Reporter): Promise<number> {
  if (!isFirst(process)) return EXIT.interrupted;
  const checkpoint = await process.keeper.keep(join(process.directory, CHECKPOINT));
  process.log(`interrupted after epoch ${epoch}; checkpoint: ${checkpoint ?? 'not kept'}`);
  await reporter.failure('Interrupted', 'stopped after a checkpoint').catch(() => undefined);
  return EXIT.interrupted;
}

const isFirst = ({ worker = ALONE }: TrialProcess): boolean => worker.rank === 0;

async function outcomeOf(trial: Trial, process: Placed, reporter: Reporter): Promise<RunOutcome> {
  const { directory, keeper, log, spans } = process;
  if (!isFirst(process)) return runTrial(trial.spec, { ...process, listener: reporter });
  await mkdir(directory, { recursive: true });
  await removeTorn(directory);
  await spans.during('restore', () => restoreMissing(keeper, join(directory, RESULT), log));
  const before = await finishedBefore(trial, process);
  if (before !== undefined) return before;
  return run(trial, process, reporter);
}

async function run(trial: Trial, process: Placed, listener: Reporter): Promise<RunOutcome> {
  const { directory, keeper } = process;
  const outcome = await runTrial(trial.spec, { ...process, listener });
  if (outcome.kind === 'result') {
    const trainedTo = trial.spec.fidelity.epochs;
    const kept = { identity: identityOf(trial.spec), trainedTo, ...outcome.result };
    const path = join(directory, RESULT);
    await writeAtomically(path, JSON.stringify(kept, null, 2));
    await keeper.keep(path);
  }
  return outcome;
}

const RESULT = KEPT_FILES.result;

/** The result that an attempt at this very trial has left, reported or not; none where it was to train less far. */
async function finishedBefore(
  { spec }: Trial,
  { directory, log }: Placed,
): Promise<RunOutcome | undefined> {
  const text = await readFile(join(directory, RESULT), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { identity, trainedTo = spec.training.epochs, ...result } = JSON.parse(text);
    if (identity !== identityOf(spec)) throw new Error('it is of another trial');
    if (trainedTo < spec.fidelity.epochs) return undefined;
    return { kind: 'result', result: TrialResult.parse(result) };
  } catch (error) {
    log(`${RESULT} in ${directory} is not used: ${error}`);
    return undefined;
  }
}

const BAD_INPUT = [BadInputError, GenotypeError, NetworkError, ProgramError, SplitError];
const isBadInput = (error: unknown): boolean => BAD_INPUT.some((kind) => error instanceof kind);

/** What a failure is called, and the code that says so when no report arrives. */
function failureOf(error: unknown) {
  if (isBadInput(error)) return { reason: 'InvalidInput', code: EXIT.badInput } as const;
  if (error instanceof DeviceError)
    return { reason: 'DeviceUnavailable', code: EXIT.noDevice } as const;
  return { reason: 'TrainerFailed', code: EXIT.failed } as const;
}

/** The contract's limit. */
const LONGEST_MESSAGE = 32_768;

async function fail(
  error: unknown,
  reporter: Reporter,
  log: (line: string) => void,
): Promise<number> {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = text.slice(0, LONGEST_MESSAGE);
  log(error instanceof Error ? (error.stack ?? text) : text);
  // Whoever was lost says why, or nobody can.
  if (error instanceof PeerLostError) return EXIT.peerLost;
  const { reason, code } = failureOf(error);
  await reporter.failure(reason, message).catch((lost: unknown) => log(`not reported: ${lost}`));
  return code;
}
