// `bionas run FILE`: a whole search on this machine, live to watch, safe to kill, resumed by the same command.
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { jsonView } from './json-view.ts';
import { lineView } from './line-view.ts';
import { readSearch } from './manifest.ts';
import { type RunSearchOptions, runSearch } from './run-search.ts';

export interface RunIo
  extends Pick<
    RunSearchOptions,
    'cache' | 'cores' | 'env' | 'trainerCommand' | 'signal' | 'pid' | 'isAlive'
  > {
  out(line: string): void;
  readFile(path: string): Promise<string>;
  setExitCode(code: number): void;
}

interface RunFlags {
  readonly dir?: string;
  readonly fresh: boolean;
  readonly output: 'text' | 'json';
  readonly slots?: number;
}

const EXIT_CODES = { completed: 0, failed: 1, interrupted: 130 } as const;

export function addRunCommand(program: Command, io: RunIo): void {
  program
    .command('run')
    .description('run a search on this machine; the same command resumes it after any stop')
    .argument('<file>', 'YAML with one BioNASSearch')
    .option('--dir <directory>', 'where the search lives (default: runs/NAME)')
    .option('--fresh', 'throw away what an earlier run left and start over', false)
    .option('--slots <n>', 'trainers at once (default: spec.parallelism)', atLeastOne)
    .addOption(
      new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'),
    )
    .action(async (file: string, flags: RunFlags) => {
      const manifest = readSearch(file, await io.readFile(file));
      const slots = flags.slots ?? manifest.spec.parallelism;
      const root = resolve(flags.dir ?? join('runs', manifest.metadata.name));
      const view = flags.output === 'json' ? jsonView(io.out) : lineView(io.out);
      const options = { ...io, root, fresh: flags.fresh, slots, view };
      const kind = await runSearch(manifest, options, async ({ message }) => {
        view.close();
        view.note(message);
      });
      io.setExitCode(EXIT_CODES[kind]);
    });
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number of at least 1');
  return value;
}
