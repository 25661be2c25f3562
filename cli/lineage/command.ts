// `bionas lineage SEARCH [TRIAL]`: which network was varied from which, and how.
import type { Command } from 'commander';
import { type Format, printed, withFormatOption } from '../output/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, missingNote, namedTrial } from '../trials/index.ts';
import { ancestry, familyListing, forest } from './family.ts';

export interface LineageIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
}

interface Flags extends PlaceFlags {
  readonly output: Format;
}

const HELP = `
Without a trial: the whole tree. With one: its ancestors, the first one on top. JSON has name, index, parent, variation,
state, objectives and genotype of each.

Examples:
  bionas lineage runs/quickstart
  bionas lineage quickstart 12 -o wide
  kubectl bionas lineage quickstart final-0`;

export function addLineageCommand(program: Command, io: LineageIo): void {
  const command = withSearchArgument(
    program.command('lineage').description('which network was varied from which, and how'),
  ).argument('[trial]', 'index or name: its ancestors only');
  withPlaceOptions(withFormatOption(command))
    .addHelpText('after', HELP)
    .action((search: string, trial: string | undefined, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        const found = await place.open(search);
        const known = await knownTrials(found);
        const { spec, metadata } = found.search;
        const relatives =
          trial === undefined
            ? forest(known.trials)
            : ancestry(namedTrial(trial, metadata.name, known), known.trials);
        for (const line of printed(familyListing(relatives, spec), flags.output)) io.out(line);
        const note = missingNote(known);
        if (note !== undefined) io.err(note);
      }),
    );
}
