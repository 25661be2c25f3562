// `bionas logs SEARCH TRIAL`: what a trial's Pods have written, one attempt after the other; followed, until it has ended.
import { type Command, Option } from 'commander';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, namedTrial } from '../trials/index.ts';
import { wholeNumber } from '../whole-number.ts';
import { follow } from './follow.ts';
import { type LogOutput, logs } from './logs.ts';

export interface LogsIo extends PlaceIo, LogOutput {
  err(line: string): void;
  setExitCode(code: number): void;
}

interface Flags extends PlaceFlags {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly attempt?: number;
  readonly previous?: boolean;
  readonly worker: number;
}

const HELP = `
All attempts, the first one first, each under a line that names its Pod (on standard error). Of a run the logs stay in its
directory; on a cluster they go with the Pod, whose Trial is kept for spec.history.keep trials more. Of an attempt whose log
is gone it is told what status and ledger know; exit code 1 where no log is left at all.

--follow waits for a trial that has not begun, goes over to its next attempt, and ends with the trial, whatever came of it.

Examples:
  bionas logs runs/quickstart 3
  bionas logs quickstart 3 --follow --tail 20
  bionas logs quickstart final-0 --attempt 1
  kubectl bionas logs quickstart 3 -n team-a`;

export function addLogsCommand(program: Command, io: LogsIo): void {
  const command = withSearchArgument(
    program.command('logs').description('what the trainers of a trial have written'),
  )
    .argument('<trial>', 'index or name')
    .option('-f, --follow', 'go on with what they write until the trial has ended')
    .option('--tail <n>', 'of each attempt the last lines only', wholeNumber)
    .option('--attempt <n>', 'this attempt only, from 0', wholeNumber)
    .addOption(
      new Option('-p, --previous', 'the attempt before the last one only').conflicts([
        'attempt',
        'follow',
      ]),
    )
    .option('--worker <n>', 'of several workers this one: 0 is the first', wholeNumber, 0);
  withPlaceOptions(command)
    .addHelpText('after', HELP)
    .action((search: string, trial: string, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        const found = await place.open(search);
        const known = await knownTrials(found);
        const wanted = {
          ...flags,
          trial: namedTrial(trial, found.search.metadata.name, known),
          previous: flags.previous === true,
        };
        const isTold = await (flags.follow ? follow : logs)(found, wanted, io);
        if (!isTold) io.setExitCode(1);
      }),
    );
}
