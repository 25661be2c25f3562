// A command of bionas in this process: what it says, and its exit code.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { systemClock } from '../../operator/runtime/index.ts';

export interface Said {
  readonly out: string[];
  readonly err: string[];
  readonly code: number | undefined;
}

export function verbIo(workingDirectory: string, said: { out: string[]; err: string[] }) {
  return {
    out: (line: string) => void said.out.push(line),
    err: (line: string) => void said.err.push(line),
    write: async (bytes: Uint8Array) => void said.out.push(Buffer.from(bytes).toString()),
    writeFile: (path: string, bytes: Uint8Array) => writeFile(path, bytes),
    makeDirectory: (path: string) => mkdir(path, { recursive: true }),
    readFile: (path: string) => readFile(path, 'utf8'),
    signal: new AbortController().signal,
    workingDirectory,
    pid: process.pid,
    isAlive: (_: number): boolean => false,
    clock: systemClock,
    version: '0.0.0',
    runtime: 'node v22',
    env: {} as Readonly<Record<string, string>>,
    alwaysCluster: false,
    program: 'bionas',
  };
}

export type VerbIo = ReturnType<typeof verbIo>;
type Add = (program: Command, io: VerbIo & { setExitCode(code: number): void }) => void;

/** `bionas VERB ...` in a directory. */
export async function verb(
  add: Add,
  directory: string,
  args: readonly string[],
  changed: Partial<VerbIo> = {},
): Promise<Said> {
  const said = { out: [] as string[], err: [] as string[] };
  let code: number | undefined;
  const setExitCode = (value: number) => {
    code = value;
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  add(program, { ...verbIo(directory, said), setExitCode, ...changed });
  await program.parseAsync([...args], { from: 'user' });
  return { ...said, code };
}
