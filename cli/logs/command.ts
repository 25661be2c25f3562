// `bionas logs SEARCH TRIAL`: what a trial's Pods have written, one attempt after the other; of one that is gone, what is known.
import type { Command } from 'commander';
import { podName } from '../../operator/reconcilers/index.ts';
import {
  type Attempt,
  type FoundSearch,
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { knownTrials, namedTrial } from '../trials/index.ts';
import { wholeNumber } from '../whole-number.ts';

export interface LogsIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  /** To standard output, as it is. */
  write(bytes: Uint8Array): Promise<void>;
  setExitCode(code: number): void;
}

interface Flags extends PlaceFlags {
  readonly attempt?: number;
  readonly worker?: number;
}

const HELP = `
All attempts, the first one first, each under a line that names its Pod (on standard error). Of a run the logs stay in its
directory; on a cluster they go with the Pod, whose Trial is kept for spec.history.keep trials more. Of an attempt whose log
is gone it is told what status and ledger know; exit code 1 where no log is left at all.

Examples:
  bionas logs runs/quickstart 3
  bionas logs quickstart final-0 --attempt 1
  kubectl bionas logs quickstart 3 -n team-a`;

export function addLogsCommand(program: Command, io: LogsIo): void {
  const command = withSearchArgument(
    program.command('logs').description('what the trainers of a trial have written'),
  )
    .argument('<trial>', 'index or name')
    .option('--attempt <n>', 'this attempt only, from 0', wholeNumber)
    .option('--worker <n>', 'of several workers this one: 0 is the first', wholeNumber, 0);
  withPlaceOptions(command)
    .addHelpText('after', HELP)
    .action((search: string, trial: string, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        const found = await place.open(search);
        const known = await knownTrials(found);
        const wanted = namedTrial(trial, found.search.metadata.name, known);
        const { attempt, worker = 0 } = flags;
        await logs(found, wanted, { attempt, worker, io });
      }),
    );
}

interface Wanted {
  readonly attempt: number | undefined;
  readonly worker: number;
  readonly io: LogsIo;
}

async function logs(found: FoundSearch, trial: ResultTrial, wanted: Wanted): Promise<void> {
  const { io } = wanted;
  const there = await found.attempts(trial.name);
  const attempts = everyAttempt(trial, there, wanted.worker).filter(
    ({ attempt }) => wanted.attempt === undefined || attempt === wanted.attempt,
  );
  let shown = 0;
  for (const attempt of attempts) {
    const log = await found.log(attempt, io.signal);
    io.err(`==> ${attempt.pod}${log === undefined ? ': its log is gone' : ''}`);
    if (log !== undefined) shown += 1;
    await write(log ?? lastWords(attempt), io);
  }
  if (shown > 0) return;
  for (const line of knownOf(trial, attempts.length)) io.out(line);
  io.setExitCode(1);
}

async function write(
  log: AsyncIterable<Uint8Array> | readonly string[],
  io: LogsIo,
): Promise<void> {
  for await (const part of log) {
    if (typeof part === 'string') io.out(part);
    else await io.write(part);
  }
}

/** Those of a worker that are there, and those that the history counts. */
function everyAttempt(
  { name, cost }: ResultTrial,
  there: readonly Attempt[],
  worker: number,
): Attempt[] {
  const last = there.reduce((most, { attempt }) => Math.max(most, attempt + 1), cost.attempts);
  return Array.from(
    { length: last },
    (_, attempt) =>
      there.find((each) => each.attempt === attempt && (each.worker ?? 0) === worker) ?? {
        attempt,
        pod: podName({ metadata: { name } }, attempt, worker),
      },
  );
}

/** What the Pod's status keeps. */
function lastWords({ reason, exitCode, node, message }: Attempt): string[] {
  const end = [
    ...(reason === undefined ? [] : [reason]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(node === undefined ? [] : [`on ${node}`]),
  ].join(', ');
  return [...(end === '' ? [] : [end]), ...(message === undefined ? [] : [message])];
}

function knownOf({ name, state, reason, message, cost }: ResultTrial, attempts: number): string[] {
  if (attempts === 0) return [`${name} is ${state.toLowerCase()}: no Pod of it has started yet`];
  const why = reason === undefined || reason === state ? '' : `, ${reason}`;
  const said = message ? `: ${message}` : '';
  return [`${name}: ${state}${why} after ${cost.attempts} attempts${said}`];
}
