// `bionas export trials SEARCH`: every trial, for spreadsheets, data frames and programs.
import { type Command, Option } from 'commander';
import { withPlace, withPlaceOptions, withSearchArgument } from '../place/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { type ExportIo, type FileFlags, giveLines, withFile } from './destination.ts';
import { TRIAL_FORMATS, type TrialFormat, trialLines } from './trial-table.ts';

const HELP = `
CSV has a row a trial: identity, objectives and costs, genotype. JSON and JSONL have all that result.json has of each,
learning curves among it (docs/result.md). Trials that have not ended are there with their state.

Examples:
  bionas export trials runs/quickstart > trials.csv
  bionas export trials quickstart -o jsonl -f trials.jsonl
  kubectl bionas export trials quickstart -n team-a -o csv`;

export function addTrialsCommand(parent: Command, io: ExportIo): void {
  const command = parent.command('trials').description('all trials as CSV, JSON or JSON lines');
  withFile(
    withPlaceOptions(withSearchArgument(command)).addOption(
      new Option('-o, --output <format>', 'of the file').choices(TRIAL_FORMATS).default('csv'),
    ),
  )
    .addHelpText('after', HELP)
    .action((search: string, flags: FileFlags<TrialFormat>) =>
      withPlace(flags, io, async (place) => {
        const known = await knownTrials(await place.open(search));
        await giveLines(trialLines(known.trials, flags.output), flags, io);
        const note = missingNote(known);
        if (note !== undefined) io.err(note);
      }),
    );
}
