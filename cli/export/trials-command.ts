// `bionas export trials SEARCH`: every trial, for spreadsheets, data frames and programs.
import { type Command, Option } from 'commander';
import { withPlace, withPlaceOptions, withSearchArgument } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { type ExportIo, type FileFlags, giveBytes, giveLines, withFile } from './destination.ts';
import { TRIAL_FORMATS, type TrialFormat, trialLines } from './trial-table.ts';

const HELP = `
CSV has a row a trial: identity, objectives and costs, genotype. JSON and JSONL have all that result.json has of each,
learning curves among it (docs/result.md). Parquet has the columns of CSV with their types, objectives, and learning curves
as lists. Trials that have not ended are there with their state.

Examples:
  bionas export trials runs/quickstart > trials.csv
  bionas export trials quickstart -o jsonl -f trials.jsonl
  bionas export trials quickstart -o parquet -f trials.parquet
  kubectl bionas export trials quickstart -n team-a -o csv`;

export function addTrialsCommand(parent: Command, io: ExportIo): void {
  const command = parent
    .command('trials')
    .description('all trials as CSV, JSON, JSON lines or Parquet');
  withFile(
    withPlaceOptions(withSearchArgument(command)).addOption(
      new Option('-o, --output <format>', 'of the file').choices(TRIAL_FORMATS).default('csv'),
    ),
  )
    .addHelpText('after', HELP)
    .action((search: string, flags: FileFlags<TrialFormat>) =>
      withPlace(flags, io, async (place) => {
        const known = await knownTrials(await place.open(search));
        await give(known.trials, flags, io);
        const note = missingNote(known);
        if (note !== undefined) io.err(note);
      }),
    );
}

async function give(
  trials: readonly ResultTrial[],
  { output, ...to }: FileFlags<TrialFormat>,
  io: ExportIo,
): Promise<void> {
  if (output !== 'parquet') return giveLines(trialLines(trials, output), to, io);
  const { trialParquet } = await import('./trial-parquet.ts');
  await giveBytes(trialParquet(trials), to, io);
}
