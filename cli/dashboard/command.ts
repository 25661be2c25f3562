// `bionas dashboard [SEARCH]`: searches of this machine or of a cluster as a page in the browser, until it is stopped.
import type { Command } from 'commander';
import { aborted } from '../../operator/runtime/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  runPlace,
  type SearchPlace,
  withPlace,
  withPlaceOptions,
} from '../place/index.ts';
import { troubleLogger } from '../trouble-logger.ts';
import { atLeast } from '../whole-number.ts';
import { startDashboard } from './start-lazily.ts';
import { USUAL_PORT } from './usual-port.ts';

export interface DashboardIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
}

interface Flags extends PlaceFlags {
  readonly host: string;
  readonly port?: number;
  readonly allowEdits?: boolean;
  readonly allowHost: readonly string[];
}

const HELP = `
Without a search: all under runs/, or all of the namespace. It shows what runs as it goes, until Ctrl-C; docs/dashboard.md
tells how to reach it on a cluster, and who may edit by it.

Examples:
  bionas dashboard
  bionas dashboard runs/night --allow-edits
  kubectl bionas dashboard -n team-a
  kubectl bionas dashboard -A --port 9000`;

/** Ports are 16 bits. */
const LAST_PORT = 65_535;

export function addDashboardCommand(program: Command, io: DashboardIo): void {
  const command = program
    .command('dashboard')
    .description('searches as a page in the browser, live')
    .argument('[search]', 'directory of a run, or its name under runs/; on a cluster its name')
    .option('--host <address>', 'address that it listens on', '127.0.0.1')
    .option(
      '--port <n>',
      `its port; 0: any free one (default: ${USUAL_PORT}, or any free one where that is taken)`,
      atLeast(0, LAST_PORT),
    )
    .option('--allow-edits', 'the page may suspend and resume searches and change their budget')
    .option(
      '--allow-host <name>',
      'name that it answers to beside addresses and localhost, as behind an ingress; may be repeated',
      (name: string, names: readonly string[]) => [...names, name.toLowerCase()],
      [],
    )
    .option('-A, --all-namespaces', 'of a cluster: searches of all namespaces');
  withPlaceOptions(command)
    .addHelpText('after', HELP)
    .action((search: string | undefined, flags: Flags) =>
      withPlace(flags, io, async (place) => {
        place.listen?.();
        await show(await only(place, search, io), flags, io);
      }),
    );
}

async function show(
  place: Pick<SearchPlace, 'kind' | 'searches'>,
  { host, port, allowEdits, allowHost }: Flags,
  io: DashboardIo,
): Promise<void> {
  const edits = allowEdits === true;
  const logger = troubleLogger((line) => io.err(line));
  const options = { host, port, edits, hosts: allowHost, logger, ...io };
  const dashboard = await startDashboard(place, options);
  for (const line of dashboard.warnings) io.err(line);
  io.out(`dashboard: ${dashboard.url}`);
  await aborted(io.signal);
  await dashboard.close();
}

/** One search of the place, where one is asked for. @throws NoSuchSearchError, and what a run cannot be read by */
async function only(
  place: SearchPlace,
  search: string | undefined,
  io: DashboardIo,
): Promise<Pick<SearchPlace, 'kind' | 'searches'>> {
  if (search === undefined) return place;
  const found = await place.open(search);
  if (found.directory !== undefined) return runPlace(found.directory, io);
  return { kind: place.kind, searches: async () => [await found.again()] };
}
