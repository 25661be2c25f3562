// The command line's composition root: environment, clock and signals enter here; each command is a folder beside it.
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { TrialSpec } from '../crds/index.ts';
import { systemClock } from '../operator/runtime/index.ts';
import packageJson from '../package.json' with { type: 'json' };
import { ASK, complete } from './completion/index.ts';
import { failureOf } from './failure.ts';
import { addLookingCommands, bareProgram } from './looking.ts';
import { terminalOf, wantsColor } from './terminal.ts';
import { madeDirectory, writtenFile } from './written-file.ts';

// biome-ignore lint/style/noProcessEnv: the command line's environment enters here and nowhere else
const env = process.env;
const cache =
  env['BIONAS_CACHE'] ?? join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bionas');

const stop = new AbortController();
process.on('SIGINT', () => (stop.signal.aborted ? process.exit(130) : stop.abort()));
process.on('SIGTERM', () => stop.abort());
// Nobody reads any more, as after `| head`: what runs stops as on Ctrl-C.
process.stdout.on('error', () => stop.abort());

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const trainer = fileURLToPath(new URL(`../trainer/main.${extension}`, import.meta.url));

const terminal = terminalOf(env, process.stdout);

const io = {
  out: (line: string): void => void process.stdout.write(`${line}\n`),
  err: (line: string): void => void process.stderr.write(`${line}\n`),
  /** Waits for a reader that is slower. */
  write: async (bytes: Uint8Array): Promise<void> => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain', { signal: stop.signal });
  },
  writeFile: writtenFile,
  makeDirectory: madeDirectory,
  readFile: (path: string) => readFile(path, 'utf8'),
  readBytes: (path: string): Promise<Uint8Array> => readFile(path),
  listDirectory: (path: string) => readdir(path).catch(() => undefined),
  stdin: () => text(process.stdin),
  setExitCode: (code: number): void => {
    process.exitCode = code;
  },
  cache,
  env: Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ),
  trainerCommand: [process.execPath, '--disable-warning=ExperimentalWarning', trainer],
  now: Date.now,
  signal: stop.signal,
  pid: process.pid,
  isAlive,
  cores: availableParallelism(),
  color: wantsColor(env, process.stdout),
  ...(terminal === undefined ? {} : { terminal }),
  onExit: (callback: () => void): void => void process.on('exit', callback),
  program: env['BIONAS_COMMAND'] || 'bionas',
  workingDirectory: process.cwd(),
  version: packageJson.version,
  runtime: `node ${process.version} ${process.platform} ${process.arch}`,
  clock: systemClock,
  alwaysCluster: env['BIONAS_PLACE'] === 'cluster',
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** With the commands that train, and what they train by. */
async function wholeProgram(): Promise<Command> {
  const { createProgram } = await import('./program.ts');
  const { createInThreadStream } = await import('../trainer/data/index.ts');
  const executors = await import('../trainer/executors/index.ts');
  const { openTrialData } = await import('../trainer/trial-data.ts');
  const location = { cacheHome: env['XDG_CACHE_HOME'], home: homedir() };
  const libraryDir = env['BIONAS_TENSORFLOW_DIR'] || executors.defaultLibraryDir(location);
  const folders = { libraryDir, packageDir: executors.defaultPackageDir(location) };
  return createProgram({
    ...io,
    settleExecutor: (name: string, workers: number) =>
      executors.settleExecutor(name, folders, workers),
    executors: {
      tensorflow: executors.createTensorFlowExecutor({ libraryDir }),
      reference: executors.createReferenceExecutor(),
    },
    openData: (spec: TrialSpec) =>
      openTrialData(spec, { cacheDir: join(cache, 'datasets'), stream: createInThreadStream() }),
  });
}

const looking = bareProgram();
addLookingCommands(looking, io);

try {
  const [, , ...words] = process.argv;
  const asked = words[0] === ASK ? words.slice(1) : undefined;
  const [name, ...rest] = asked ?? words;
  // A name that is still being typed may be that of any command.
  const isLook =
    (asked === undefined || rest.length > 0) &&
    looking.commands.some((command) => command.name() === name);
  const program = isLook ? looking : await wholeProgram();
  if (asked === undefined) await program.parseAsync();
  else await complete(program, asked, io);
  // A cluster may yet be waited for, in vain.
  if (asked !== undefined) process.stdout.write('', () => process.exit());
} catch (error) {
  const { lines, exitCode } = failureOf(error, Boolean(env['BIONAS_DEBUG']));
  for (const line of lines) io.err(line);
  process.exitCode = exitCode;
}
