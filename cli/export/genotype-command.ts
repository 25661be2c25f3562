// `bionas export genotype SEARCH [TRIAL]`: a network as data.
import { type Command, Option } from 'commander';
import { yamlText } from '../output/index.ts';
import { withPlace, withPlaceOptions, withSearchArgument } from '../place/index.ts';
import { chosenTrial } from './chosen-network.ts';
import { type ExportIo, type FileFlags, giveLines, withFile } from './destination.ts';
import { genotypeDocument } from './genotype-document.ts';

const HELP = `
Without a trial: the best final network, or the best one of the search where none is final yet. JSON is what trainers leave
as genotype.json.

Examples:
  bionas export genotype runs/quickstart -f winner.json
  kubectl bionas export genotype quickstart 12 -o yaml`;

type Flags = FileFlags<'json' | 'yaml'>;

export function addGenotypeCommand(parent: Command, io: ExportIo): void {
  const command = parent
    .command('genotype')
    .description('a network as data: the winner, or that of a trial');
  withFile(
    withPlaceOptions(withSearchArgument(command))
      .argument('[trial]', 'index or name')
      .addOption(
        new Option('-o, --output <format>', 'of the file')
          .choices(['json', 'yaml'])
          .default('json'),
      ),
  )
    .addHelpText('after', HELP)
    .action((search: string, trial: string | undefined, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        const found = await place.open(search);
        const document = genotypeDocument(await chosenTrial(found, trial), found.search.spec);
        const isJson = flags.output === 'json';
        const text = isJson ? JSON.stringify(document, null, 2) : yamlText(document);
        await giveLines([text], flags, io);
      }),
    );
}
