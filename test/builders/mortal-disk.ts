// A disk under a writer that is killed: so many operations happen, of the next write half, and then nothing more.
import * as fs from 'node:fs/promises';
import type { Disk } from '../../trainer/training/atomic-file.ts';

export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface MortalDisk {
  readonly disk: Disk;
  /** Operations so far. */
  done(): number;
}

export function mortalDisk(killedAfter = Infinity): MortalDisk {
  let count = 0;
  const alive = (): boolean => count++ < killedAfter;
  const living = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (!alive()) throw new Killed();
      return work(...args);
    };
  };
  const open = async (...args: Parameters<Disk['open']>): Promise<fs.FileHandle> => {
    const file = await fs.open(...args);
    const writeFile = file.writeFile.bind(file);
    file.writeFile = async (bytes: Uint8Array) => {
      if (alive()) return writeFile(bytes);
      await writeFile(bytes.subarray(0, bytes.length / 2));
      throw new Killed();
    };
    file.sync = living(file.sync.bind(file));
    return file;
  };
  const disk = {
    open: living(open),
    mkdir: living(fs.mkdir),
    rename: living(fs.rename),
    link: living(fs.link),
    rm: living(fs.rm),
    readdir: fs.readdir,
  } as Disk;
  return { disk, done: () => count };
}
