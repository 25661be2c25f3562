// `bionas validate FILE...`: says what is wrong before a cluster, or a night, does.
import type { Command } from 'commander';
import type { ManifestFile } from './documents.ts';
import { formatProblem } from './problem.ts';
import { validateFiles } from './validate-files.ts';

/** The outside of the command. */
export interface ValidateIo {
  /** A line for standard output. */
  out(line: string): void;
  /** A line for standard error. */
  err(line: string): void;
  /** Rejects where there is no such file. */
  readFile(path: string): Promise<string>;
  /** All of standard input. */
  stdin(): Promise<string>;
  setExitCode(code: number): void;
}

/** Adds the subcommand. Exit code 1 on any mistake, 0 otherwise. */
export function addValidateCommand(program: Command, io: ValidateIo): void {
  program
    .command('validate')
    .description('check manifests of searches and trials; nothing is started')
    .argument('<file...>', "YAML or JSON files; '-' is standard input")
    .action(async (paths: string[]) => {
      const { files, unreadable } = await readFiles(paths, io);
      const { problems, valid } = validateFiles(files);
      for (const line of [...unreadable, ...problems.map(formatProblem)]) io.err(line);
      for (const { file, kind, name } of valid) io.out(`ok ${file}: ${kind} ${name}`);
      io.setExitCode(unreadable.length + problems.length > 0 ? 1 : 0);
    });
}

async function readFiles(
  paths: readonly string[],
  io: ValidateIo,
): Promise<{ files: ManifestFile[]; unreadable: string[] }> {
  const files: ManifestFile[] = [];
  const unreadable: string[] = [];
  for (const path of paths) {
    try {
      const text = path === '-' ? await io.stdin() : await io.readFile(path);
      files.push({ name: path === '-' ? 'stdin' : path, text });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      unreadable.push(`${path}: expected a file that can be read, got ${reason}`);
    }
  }
  return { files, unreadable };
}
