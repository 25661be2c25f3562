// Names of a data set's files in shared memory, one after the other: a million of them travel to the preparing thread without a copy.
import { type FileNames, sharedBytes, sharedLabels } from '../dataset.ts';

export function packNames(directory: string, names: readonly string[]): FileNames {
  const bytes = sharedBytes(names.reduce((sum, name) => sum + Buffer.byteLength(name), 0));
  const ends = sharedLabels(names.length);
  const room = Buffer.from(bytes.buffer);
  let end = 0;
  for (const [i, name] of names.entries()) {
    end += room.write(name, end);
    ends[i] = end;
  }
  return { directory, bytes, ends };
}

export function nameAt({ bytes, ends }: FileNames, index: number): string {
  const start = index === 0 ? 0 : ends[index - 1];
  return Buffer.from(bytes.buffer).toString('utf8', start, ends[index]);
}
