// Where an export goes: standard output or a file by -f, a folder by --to.
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { PlaceFlags, PlaceIo } from '../place/index.ts';

export interface ExportIo extends PlaceIo {
  out(line: string): void;
  err(line: string): void;
  /** To standard output, as it is. */
  write(bytes: Uint8Array): Promise<void>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** With those above it; one that is there stays. */
  makeDirectory(path: string): Promise<unknown>;
}

export interface FileFlags<Format> extends PlaceFlags {
  readonly output: Format;
  readonly file?: string;
}

export interface FolderFlags extends PlaceFlags {
  readonly to: string;
}

export const withFile = (command: Command): Command =>
  command.option('-f, --file <path>', 'where it is written (default: standard output)');

export const withFolder = (command: Command): Command =>
  command.requiredOption('--to <directory>', 'where the files are written; it is made');

type To = Pick<FileFlags<unknown>, 'file'>;

export async function giveLines(lines: Iterable<string>, to: To, io: ExportIo): Promise<void> {
  if (to.file === undefined) for (const line of lines) io.out(line);
  else await giveBytes(Buffer.from([...lines].map((line) => `${line}\n`).join('')), to, io);
}

export async function giveBytes(bytes: Uint8Array, { file }: To, io: ExportIo): Promise<void> {
  if (file === undefined) return io.write(bytes);
  await io.writeFile(resolve(io.workingDirectory, file), bytes);
  io.err(`written to ${file}`);
}

/** Files by name. */
export async function giveFiles(
  files: Readonly<Record<string, Uint8Array | string>>,
  { to }: FolderFlags,
  io: ExportIo,
): Promise<void> {
  const folder = resolve(io.workingDirectory, to);
  await io.makeDirectory(folder);
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await io.writeFile(join(folder, name), bytes);
    io.err(`written to ${join(to, name)}`);
  }
}
