// `bionas pareto SEARCH`: the trials that none beats in every objective.
import type { Command } from 'commander';
import { type Format, printed, withFormatOption } from '../output/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { front, frontListing } from './front.ts';

export interface ParetoIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
}

interface Flags extends PlaceFlags {
  readonly output: Format;
}

const HELP = `
All of them, where the status of a search shows 20. With one objective that is the best trial.

Examples:
  bionas pareto runs/small-and-good
  kubectl bionas pareto small-and-good -o csv`;

export function addParetoCommand(program: Command, io: ParetoIo): void {
  const command = withSearchArgument(
    program
      .command('pareto')
      .description('the Pareto front: trials that none beats in every objective'),
  );
  withPlaceOptions(withFormatOption(command))
    .addHelpText('after', HELP)
    .action((search: string, flags: Flags) => pareto(search, flags, io));
}

async function pareto(search: string, flags: Flags, io: ParetoIo): Promise<void> {
  await withPlace(flags, io, async (place) => {
    const found = await place.open(search);
    const known = await knownTrials(found);
    const { spec } = found.search;
    const listing = frontListing(front(known.trials, spec), spec);
    for (const line of printed(listing, flags.output)) io.out(line);
    if (spec.objectives.length === 1) io.err('one objective: the front is its best trial');
    const note = missingNote(known);
    if (note !== undefined) io.err(note);
  });
}
