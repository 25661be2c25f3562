// `bionas export table SEARCH`: the final comparison, for papers.
import { type Command, Option } from 'commander';
import { compared } from '../comparison/index.ts';
import {
  type FoundSearch,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { comparisonsOf } from '../result/index.ts';
import { knownTrials } from '../trials/index.ts';
import { type ExportIo, type FileFlags, giveLines, withFile } from './destination.ts';
import { rowsOf, TABLE_FORMATS, TABLE_LINES, type TableFormat } from './table/index.ts';

/** A search of which no final network is known. */
export class NoFinalNetworkError extends Error {
  override readonly name = 'NoFinalNetworkError';
  readonly exitCode = 2;
}

const HELP = `
A row a final network, and below it one a control: test accuracy as mean and standard deviation over trainings with a seed each, how
many these are, difference to the control with its 95 % interval, parameters, MACs, and what attacks left where spec.final.robustness had them
made. What may be claimed is decided as in the report (docs/science.md, Controls). LaTeX needs the package booktabs. CSV is
not rounded, accuracies are in [0, 1].

Examples:
  bionas export table runs/night
  bionas export table night -o latex -f table.tex
  kubectl bionas export table night -n team-a -o csv`;

export function addTableCommand(parent: Command, io: ExportIo): void {
  const command = parent
    .command('table')
    .description('final networks and their controls as a table for a paper');
  withFile(
    withPlaceOptions(withSearchArgument(command)).addOption(
      new Option('-o, --output <format>', 'of the file').choices(TABLE_FORMATS).default('markdown'),
    ),
  )
    .addHelpText('after', HELP)
    .action((search: string, flags: FileFlags<TableFormat>) =>
      withPlace(flags, io, async (place) => {
        const lines = await tableOf(await place.open(search), flags.output);
        await giveLines(lines, flags, io);
      }),
    );
}

async function tableOf(found: FoundSearch, format: TableFormat): Promise<Iterable<string>> {
  const { search, argument } = found;
  const { trials } = await knownTrials(found);
  const rows = rowsOf(comparisonsOf(search, trials, compared), trials);
  if (rows.length === 0)
    throw new NoFinalNetworkError(
      `${argument}: expected final networks, found none; spec.final.topK says how many are trained, bionas status how far it is`,
    );
  const { metadata, spec } = search;
  return TABLE_LINES[format](rows, { search: metadata.name, dataset: spec.dataset.name });
}
