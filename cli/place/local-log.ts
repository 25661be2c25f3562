// What a Pod of a local run has written into its file; followed, what it writes until it has ended.
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import type { Clock } from '../../operator/runtime/index.ts';
import type { LogReading } from './place.ts';

export interface FileReading extends LogReading {
  /** Whether nothing more comes. */
  readonly isOver: () => Promise<boolean>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** undefined where there is no file. */
export async function logOf(
  path: string,
  reading: FileReading,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  if ((await sizeOf(path)) === undefined) return undefined;
  const { tailLines, follow = false } = reading;
  const start = tailLines === undefined ? 0 : lastLines(await readFile(path), tailLines);
  return follow ? followed(path, start, reading) : (await open(path)).createReadStream({ start });
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

const NEWLINE = 10;

/** The byte at which the last lines begin. What follows the last newline is a line of its own. */
export function lastLines(bytes: Buffer, count: number): number {
  if (count === 0) return bytes.length;
  let begin = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  for (let line = 0; line < count && begin >= 0; line += 1)
    begin = begin === 0 ? -1 : bytes.lastIndexOf(NEWLINE, begin - 1);
  return begin + 1;
}

const LOOK_MS = 250;

async function* followed(
  path: string,
  start: number,
  { isOver, clock, signal }: FileReading,
): AsyncGenerator<Uint8Array> {
  let place = start;
  for (;;) {
    // Asked before the look: what a trainer writes after its result is told in the looks that follow.
    const over = await isOver();
    const size = (await sizeOf(path)) ?? 0;
    // Another run has begun there.
    if (size < place) place = 0;
    const grown = size > place;
    if (grown) yield* createReadStream(path, { start: place, end: size - 1 });
    place = size;
    if (over && !grown) return;
    await clock.sleep(LOOK_MS, signal);
  }
}
