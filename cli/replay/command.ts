// `bionas replay DIR`: the engine runs over a search's history again and must decide as it did then. Changes nothing, but by --fork.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { History } from '../../operator/search/index.ts';
import { type LedgerPlace, type Replay, replayOf } from '../ledger/index.ts';
import { withNatsOptions } from '../nats-place.ts';
import { wholeNumber } from '../whole-number.ts';
import { type ForkIo, fork } from './fork.ts';
import { historyUntil, openSource, ReplayError, type Source, type SourceIo } from './source.ts';

export interface ReplayIo extends SourceIo, ForkIo {
  out(line: string): void;
  setExitCode(code: number): void;
  /** Directory that files are named from. */
  readonly workingDirectory: string;
}

interface ReplayFlags extends Omit<LedgerPlace, 'file'> {
  readonly manifest?: string;
  readonly until?: number;
  readonly fork?: string;
  readonly output: 'text' | 'json';
}

const HELP = `
Every proposal, promotion and pause of the history is made again, from the seed and the results alone. Exit code 0 where
all are as recorded, 1 at the first that is not, which is shown. -o json lists each proposal with its parent and variation.
Final trials follow from the best networks, and are not compared.

--fork makes another run of what had happened after --until events: go on with bionas run FILE --dir NEWDIR. With
--manifest it goes on under that budget, seed, algorithm or scheduling; of a changed engine only ended trials are kept.`;

export function addReplayCommand(program: Command, io: ReplayIo): void {
  const command = program
    .command('replay')
    .description('run the engine over a history again and prove that it decides the same')
    .argument('[directory]', 'where the search lives, such as runs/NAME')
    .option('--manifest <file>', 'the search (default: the one that lies in the directory)');
  withNatsOptions(command, 'without a directory: NATS of a cluster')
    .option('--search <uid>', 'on NATS: of several searches of one name, this one')
    .option('--until <n>', 'events to replay: ends, pauses, promotions (default: all)', wholeNumber)
    .option('--fork <directory>', 'make another run of it there')
    .addOption(
      new Option('-o, --output <format>', 'text, or json with every proposal')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action((directory: string | undefined, flags: ReplayFlags) => run(directory, flags, io));
}

async function run(directory: string | undefined, flags: ReplayFlags, io: ReplayIo): Promise<void> {
  const root = directory && resolve(io.workingDirectory, directory);
  const { until } = flags;
  if (flags.fork !== undefined) {
    // The history is that of the search as it was; the manifest is what it is to become.
    const source = await openSource({ ...flags, directory: root, manifest: undefined }, io);
    const to = resolve(io.workingDirectory, flags.fork);
    io.out(await fork(source, { to, until, manifest: flags.manifest }, io));
    return;
  }
  const source = await openSource({ ...flags, directory: root }, io);
  const [problem] = source.problems;
  if (problem !== undefined) throw new ReplayError(`search ${source.uid}: ${problem}`);
  const history = until === undefined ? source.history : historyUntil(source.history, until);
  const replay = replayOf(source.spec, history);
  const lines =
    flags.output === 'json' ? [json(source, history, replay)] : text(source, history, replay);
  for (const line of lines) io.out(line);
  io.setExitCode(replay.difference === undefined ? 0 : 1);
}

const KINDS = ['promotion', 'pause', 'again', undefined] as const;

function countsOf({ results }: History, { proposals }: Replay) {
  const [promotions = 0, pauses = 0, again = 0, ends = 0] = KINDS.map(
    (kind) => results.filter((event) => event.kind === kind).length,
  );
  return { proposals: proposals.length, promotions, pauses, again, ends };
}

function text({ search, uid }: Source, history: History, replay: Replay): string[] {
  const { proposals, promotions, pauses, again, ends } = countsOf(history, replay);
  const name = `search ${search.metadata.name} (${uid})`;
  const { difference } = replay;
  if (difference !== undefined) {
    const { index, recorded, replayed } = difference;
    return [
      `${name}: differs at trial ${index}, after ${proposals} proposals`,
      `  recorded  ${recorded}`,
      `  replayed  ${replayed}`,
      `  ${difference.message}`,
    ];
  }
  const wishes = again === 0 ? '' : `${again} wishes to try again, `;
  const what = `${proposals} proposals, ${wishes}${promotions} promotions, ${pauses} pauses and ${ends} ends`;
  return [`${name}: ${what}, all as recorded`];
}

function json({ search, uid }: Source, history: History, replay: Replay): string {
  const { name, namespace } = search.metadata;
  const { difference, proposals } = replay;
  return JSON.stringify({
    search: { name, namespace, uid },
    same: difference === undefined,
    counts: countsOf(history, replay),
    ...(difference === undefined ? {} : { difference }),
    proposals,
  });
}
