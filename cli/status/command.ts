// `bionas status [SEARCH]`: where searches stand, once or until they have ended.
import type { Command } from 'commander';
import type { Clock } from '../../operator/runtime/index.ts';
import { type Format, printed, withFormatOption } from '../output/index.ts';
import {
  type PlacedSearch,
  type PlaceFlags,
  type PlaceIo,
  type SearchPlace,
  withPlace,
  withPlaceOptions,
} from '../place/index.ts';
import { hasFailed, isOver, searchListing } from './listing.ts';

export interface StatusIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  setExitCode(code: number): void;
  readonly clock: Clock;
}

interface Flags extends PlaceFlags {
  readonly watch?: boolean;
  readonly output: Format;
}

const HELP = `
Without a search: all under runs/, or all of the namespace. --watch prints a line whenever one changes, until all have
ended; its exit code is then 1 where one of them has failed. JSON and YAML have the whole objects.

Examples:
  bionas status
  bionas status runs/quickstart --watch
  bionas status quickstart -n team-a -o json
  kubectl bionas status -A -o wide`;

const LOOK_MS = 1_000;

export function addStatusCommand(program: Command, io: StatusIo): void {
  const command = program
    .command('status')
    .description('where searches stand')
    .argument('[search]', 'directory of a run, or its name under runs/; on a cluster its name')
    .option('-w, --watch', 'go on until they have ended')
    .option('-A, --all-namespaces', 'of a cluster: searches of all namespaces');
  withPlaceOptions(withFormatOption(command))
    .addHelpText('after', HELP)
    .action((search: string | undefined, flags: Flags) =>
      withPlace(flags, io, (place) => status(place, { search, flags, io })),
    );
}

interface Wanted {
  readonly search: string | undefined;
  readonly flags: Flags;
  readonly io: StatusIo;
}

async function status(place: SearchPlace, { search, flags, io }: Wanted): Promise<void> {
  const look = async () =>
    search === undefined ? await place.searches() : [await place.open(search)];
  const print = (searches: readonly PlacedSearch[], skip = 0) => {
    const shown = { now: io.clock.now(), namespaces: flags.allNamespaces === true };
    const lines = printed(searchListing(searches, shown), flags.output);
    for (const line of lines.slice(skip)) io.out(line);
  };
  let searches = await look();
  print(searches);
  if (searches.length === 0) io.err(nothingThere(place));
  if (flags.watch !== true) return;
  let known = versions(searches);
  while (!searches.every(({ search: each }) => isOver(each))) {
    await io.clock.sleep(LOOK_MS, io.signal);
    searches = await look();
    const now = versions(searches);
    const changed = searches.filter((each) => known.get(keyOf(each)) !== now.get(keyOf(each)));
    known = now;
    // A table has its titles already.
    if (changed.length > 0) print(changed, flags.output === 'name' || isData(flags) ? 0 : 1);
  }
  io.setExitCode(searches.some(({ search: each }) => hasFailed(each)) ? 1 : 0);
}

const isData = ({ output }: Flags): boolean => output === 'json' || output === 'yaml';

const keyOf = ({ search, argument }: PlacedSearch): string => search.metadata.uid ?? argument;

const versions = (searches: readonly PlacedSearch[]) =>
  new Map(
    searches.map((each) => [keyOf(each), JSON.stringify([each.search.spec, each.search.status])]),
  );

const nothingThere = ({ kind }: SearchPlace): string =>
  kind === 'local'
    ? 'no runs under runs/: bionas run FILE begins one; --cluster shows searches of the cluster'
    : 'no searches there: -A shows all namespaces; kubectl apply -f FILE begins one';
