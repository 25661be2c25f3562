// `bionas top SEARCH`: its best trials.
import { type Command, Option } from 'commander';
import { METRICS, type Metric } from '../../crds/index.ts';
import { type Format, printed, withFormatOption } from '../output/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { atLeastOne } from '../whole-number.ts';
import { bestTrials, topListing } from './best-trials.ts';

export interface TopIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
}

interface Flags extends PlaceFlags {
  readonly count: number;
  readonly by?: Metric;
  readonly output: Format;
}

const HELP = `
Feasible networks come first, in the order of the search's first objective. JSON and YAML have all that is known of each
trial, as in result.json (docs/result.md).

Examples:
  bionas top runs/quickstart
  bionas top quickstart -k 3 --by parameters -o wide
  kubectl bionas top quickstart -n team-a -o csv`;

export function addTopCommand(program: Command, io: TopIo): void {
  const command = withSearchArgument(
    program.command('top').description('the best trials of a search'),
  )
    .addOption(new Option('-k, --count <n>', 'how many').default(10).argParser(atLeastOne))
    .addOption(
      new Option('--by <metric>', 'of all objectives and costs, this one').choices(METRICS),
    );
  withPlaceOptions(withFormatOption(command))
    .addHelpText('after', HELP)
    .action((search: string, flags: Flags) => top(search, flags, io));
}

async function top(search: string, flags: Flags, io: TopIo): Promise<void> {
  const { by, count, output } = flags;
  await withPlace(flags, io, async (place) => {
    const found = await place.open(search);
    const known = await knownTrials(found);
    const { spec } = found.search;
    const best = bestTrials(known.trials, spec, { count, by });
    for (const line of printed(topListing(best, spec, by), output)) io.out(line);
    if (best.length === 0) io.err(`no trial of ${found.argument} has a score yet`);
    const note = missingNote(known);
    if (note !== undefined) io.err(note);
  });
}
