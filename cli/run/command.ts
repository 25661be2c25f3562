// `bionas run FILE`: a whole search on this machine, live to watch, safe to kill, resumed by the same command.
import { dirname, join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import picocolors from 'picocolors';
import { openTraces } from '../../operator/adapters/tracing/index.ts';
import { noMetrics, systemClock } from '../../operator/runtime/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Dashboard, startDashboard } from '../dashboard/index.ts';
import { executorOption, withExecutor } from '../executor-option.ts';
import { runPlace } from '../place/index.ts';
import { troubleLogger } from '../trouble-logger.ts';
import { atLeast, atLeastOne } from '../whole-number.ts';
import { writeOutcome } from './finish.ts';
import { jsonView } from './json-view.ts';
import { lineView } from './line-view.ts';
import { readSearchFile } from './manifest.ts';
import { beginningFrom, otherRun } from './other-run.ts';
import { type PreflightIo, preflight } from './preflight.ts';
import { type RunSearchOptions, runSearch } from './run-search.ts';
import { type Terminal, tableView } from './table-view.ts';
import type { View } from './view.ts';

export interface RunIo
  extends PreflightIo,
    Pick<RunSearchOptions, 'cores' | 'env' | 'trainerCommand' | 'signal' | 'pid' | 'isAlive'> {
  out(line: string): void;
  /** Absent where standard output is no terminal that can redraw. */
  readonly terminal?: Terminal;
  /** Whether colours are wanted. */
  readonly color: boolean;
  /** Calls back when the process ends, whatever ends it; a way out that cannot wait. */
  onExit(callback: () => void): void;
  /** What a person types to run this program. */
  readonly program: string;
  /** Directory that commands and files are named from. */
  readonly workingDirectory: string;
  readFile(path: string): Promise<string>;
  setExitCode(code: number): void;
}

interface RunFlags {
  readonly dir?: string;
  readonly fresh: boolean;
  readonly output: 'text' | 'json';
  readonly slots?: number;
  readonly warmStart?: string;
  readonly executor?: string;
  readonly dashboard?: boolean;
  readonly dashboardPort?: number;
}

const EXIT_CODES = { completed: 0, failed: 1, interrupted: 130 } as const;

const HELP = `
The search lives in its directory: result.json (docs/result.md), report.html, ledger.jsonl, trials/, logs/.
Ctrl-C stops it after a checkpoint of every trial; the same command goes on where it was, after a kill -9 too.

Exit codes: 0 completed, 1 failed, 2 wrong usage or manifest, 130 interrupted.`;

export function addRunCommand(program: Command, io: RunIo): void {
  program
    .command('run')
    .description('run a search on this machine; the same command resumes it after any stop')
    .argument('<file>', 'YAML with one BioNASSearch')
    .option('--dir <directory>', 'where the search lives (default: runs/NAME)')
    .option('--fresh', 'throw away what an earlier run left and start over', false)
    .option('--slots <n>', 'trials at once (default: spec.parallelism)', atLeastOne)
    .option(
      '--warm-start <directory>',
      'begin with the best networks of the search there; of spec.warmStart.search, where it is (default: beside this one)',
    )
    .addOption(executorOption())
    .option(
      '--dashboard',
      'show the run in the browser while it goes on; bionas dashboard shows it afterwards, too',
    )
    .option(
      '--dashboard-port <n>',
      'the same at this port; 0: any free one (default: 8080, or any free one where that is taken)',
      atLeast(0, 65_535),
    )
    .addOption(
      new Option('-o, --output <format>', 'text: a live table on a terminal, lines elsewhere; json')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action((file: string, flags: RunFlags) => run(file, flags, io));
}

async function run(file: string, flags: RunFlags, io: RunIo): Promise<void> {
  const { warmStart, executor } = flags;
  const env = withExecutor(io.env, executor);
  const given = await readSearchFile(file, io);
  const root = resolve(io.workingDirectory, flags.dir ?? join('runs', given.metadata.name));
  const beside = join(dirname(root), given.spec.warmStart?.search?.name ?? '');
  const ledger = join(root, flags.fresh ? '' : 'ledger.jsonl');
  const other = warmStart === undefined ? beside : resolve(io.workingDirectory, warmStart);
  const manifest = warmStart === undefined ? given : await beginningFrom(given, other, ledger);
  const notes = await preflight(manifest.spec, { ...io, env });
  const view = viewOf(flags, io);
  io.onExit(() => view.close());
  for (const line of notes) view.note(line);
  const traces = await openTraces({
    env,
    service: 'bionas',
    version: packageJson.version,
    clock: systemClock,
    logger: troubleLogger((line) => view.note(line)),
    metrics: noMetrics,
  });
  let dashboard: Dashboard | undefined;
  try {
    dashboard = await dashboardOf(root, flags, io);
    if (dashboard !== undefined) view.note(`dashboard: ${dashboard.url}`);
    const slots = flags.slots ?? manifest.spec.parallelism;
    const others = otherRun(other);
    const { tracer } = traces;
    const options = { ...io, env, root, fresh: flags.fresh, slots, view, others, tracer };
    const kind = await runSearch(manifest, options, async ({ search, operator, directory }) => {
      const now = systemClock.now();
      const result = await writeOutcome(search, { operator, directory, now });
      const command = `${quoted(io.program)} ${argumentsOf(file, flags)}`;
      view.end({ result, directory: shownPath(root, io.workingDirectory), command });
    });
    io.setExitCode(EXIT_CODES[kind]);
  } finally {
    await dashboard?.close();
    await traces.close();
    view.close();
  }
}

/** Of the run alone; undefined where none is wanted. */
async function dashboardOf(
  root: string,
  { dashboard: isWanted, dashboardPort: port }: RunFlags,
  io: RunIo,
): Promise<Dashboard | undefined> {
  if (isWanted !== true && port === undefined) return undefined;
  const clock = systemClock;
  return startDashboard(runPlace(root, { ...io, clock }), {
    host: '127.0.0.1',
    port,
    edits: false,
    hosts: [],
    clock,
    // It ends with the run, not before: what comes last is to be seen.
    signal: new AbortController().signal,
  });
}

function viewOf({ output }: RunFlags, { out, terminal, color }: RunIo): View {
  if (output === 'json') return jsonView(out);
  const colors = picocolors.createColors(color);
  return terminal === undefined ? lineView(out, colors) : tableView(terminal, colors);
}

/** Of the same command again, without --fresh. */
function argumentsOf(file: string, flags: RunFlags): string {
  const { dir, slots, output, warmStart, executor, dashboard, dashboardPort } = flags;
  return [
    'run',
    quoted(file),
    ...(dir === undefined ? [] : ['--dir', quoted(dir)]),
    ...(slots === undefined ? [] : ['--slots', String(slots)]),
    ...(warmStart === undefined ? [] : ['--warm-start', quoted(warmStart)]),
    ...(executor === undefined ? [] : ['--executor', executor]),
    ...(dashboard === true ? ['--dashboard'] : []),
    ...(dashboardPort === undefined ? [] : ['--dashboard-port', String(dashboardPort)]),
    ...(output === 'json' ? ['-o json'] : []),
  ].join(' ');
}

/** As a shell reads it back. */
const quoted = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Relative where that is shorter and stays below. */
function shownPath(path: string, from: string): string {
  const below = relative(from, path);
  return below === '' || below.startsWith('..') ? path : below;
}
