// `bionas export trials|genotype SEARCH`: what a search found, as files for other programs.

import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { yamlText } from '../output/index.ts';
import {
  type FoundSearch,
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, missingNote, namedTrial } from '../trials/index.ts';
import { genotypeDocument, NoGenotypeError } from './genotype-document.ts';
import { TRIAL_FORMATS, type TrialFormat, trialLines } from './trial-table.ts';

export interface ExportIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
}

interface Flags<Format> extends PlaceFlags {
  readonly output: Format;
  readonly file?: string;
}

const TRIALS_HELP = `
CSV has a row a trial: identity, objectives and costs, genotype. JSON and JSONL have all that result.json has of each,
learning curves among it (docs/result.md). Trials that have not ended are there with their state.

Examples:
  bionas export trials runs/quickstart > trials.csv
  bionas export trials quickstart -o jsonl -f trials.jsonl
  kubectl bionas export trials quickstart -n team-a -o csv`;

const GENOTYPE_HELP = `
Without a trial: the best final network, or the best one of the search where none is final yet. JSON is what trainers leave
as genotype.json.

Examples:
  bionas export genotype runs/quickstart -f winner.json
  kubectl bionas export genotype quickstart 12 -o yaml`;

const withFile = (command: Command): Command =>
  command.option('-f, --file <path>', 'where it is written (default: standard output)');

export function addExportCommand(program: Command, io: ExportIo): void {
  const command = program.command('export').description('what a search found, for other programs');
  withFile(
    withPlaceOptions(
      withSearchArgument(
        command.command('trials').description('all trials as CSV, JSON or JSON lines'),
      ).addOption(
        new Option('-o, --output <format>', 'of the file').choices(TRIAL_FORMATS).default('csv'),
      ),
    ),
  )
    .addHelpText('after', TRIALS_HELP)
    .action((search: string, flags: Flags<TrialFormat>) =>
      withPlace(flags, io, async (place) => trials(await place.open(search), flags, io)),
    );
  withFile(
    withPlaceOptions(
      withSearchArgument(
        command
          .command('genotype')
          .description('a network as data: the winner, or that of a trial'),
      )
        .argument('[trial]', 'index or name')
        .addOption(
          new Option('-o, --output <format>', 'of the file')
            .choices(['json', 'yaml'])
            .default('json'),
        ),
    ),
  )
    .addHelpText('after', GENOTYPE_HELP)
    .action((search: string, trial: string | undefined, flags: Flags<'json' | 'yaml'>) =>
      withPlace(flags, io, async (place) =>
        genotype(await place.open(search), trial, { flags, io }),
      ),
    );
}

async function trials(found: FoundSearch, flags: Flags<TrialFormat>, io: ExportIo): Promise<void> {
  const known = await knownTrials(found);
  await give(trialLines(known.trials, flags.output), flags, io);
  const note = missingNote(known);
  if (note !== undefined) io.err(note);
}

interface Giving {
  readonly flags: Flags<'json' | 'yaml'>;
  readonly io: ExportIo;
}

async function genotype(
  found: FoundSearch,
  word: string | undefined,
  { flags, io }: Giving,
): Promise<void> {
  const { spec, metadata } = found.search;
  const trial = namedTrial(word ?? winnerOf(found), metadata.name, await knownTrials(found));
  const document = genotypeDocument(trial, spec);
  const text = flags.output === 'json' ? JSON.stringify(document, null, 2) : yamlText(document);
  await give([text], flags, io);
}

/** @throws NoGenotypeError */
function winnerOf({ search, argument }: FoundSearch): string {
  const [winner] = [...(search.status?.final ?? []), ...(search.status?.best ?? [])];
  if (winner !== undefined) return winner.trial;
  throw new NoGenotypeError(
    `${argument}: expected a trial with a score, found none yet; bionas status tells how far it is`,
  );
}

async function give(
  lines: Iterable<string>,
  { file }: { readonly file?: string },
  io: ExportIo,
): Promise<void> {
  if (file === undefined) {
    for (const line of lines) io.out(line);
    return;
  }
  const text = [...lines].map((line) => `${line}\n`).join('');
  await io.writeFile(resolve(io.workingDirectory, file), Buffer.from(text));
  io.err(`written to ${file}`);
}
