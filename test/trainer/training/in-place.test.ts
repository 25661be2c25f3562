// Files in a directory that stays: a local run's, a mounted PersistentVolumeClaim.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { versionsAt, writeAtomically } from '../../../trainer/training/atomic-file.ts';
import { inPlace } from '../../../trainer/training/index.ts';
import { type MortalDisk, mortalDisk } from '../../builders/mortal-disk.ts';
import { keeperCases } from '../../cases/keeper.cases.ts';

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'in-place-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function versionsOf(path: string): Promise<string[]> {
  const versions = await versionsAt(path);
  return Promise.all(versions.map((version) => readFile(version, 'utf8')));
}

describe('a directory', () => {
  keeperCases(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'in-place-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const disks: MortalDisk[] = [];
    return {
      makeTrainer: async ({ killedAfter }) => {
        const made = mortalDisk(killedAfter);
        disks.push(made);
        const path = join(directory, 'checkpoint.safetensors');
        return { keeper: inPlace, path, log: [], disk: made.disk };
      },
      damage: async (file, age) => {
        const path = (await versionsAt(join(directory, file)))[age] ?? '';
        const bytes = await readFile(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 16, bytes.length - 3);
        // Not the file that another name may lead to as well.
        await rm(path);
        await writeFile(path, bytes);
      },
      done: () => disks.reduce((sum, disk) => sum + disk.done(), 0),
    };
  }, 40);
});

test.each([
  [1, ['e']],
  [2, ['e', 'd']],
  [4, ['e', 'd', 'c', 'b']],
])('%i versions are kept, the newest first', async (keep, expected) => {
  const path = join(await makeDirectory(), 'file');
  for (const content of 'abcde') await writeAtomically(path, content, { keep });
  expect(await versionsOf(path)).toEqual(expected);
});

test('where a version is missing, none is driven out', async () => {
  const path = join(await makeDirectory(), 'file');
  for (const content of 'abc') await writeAtomically(path, content, { keep: 3 });
  await rm(path);
  await writeAtomically(path, 'd', { keep: 3 });
  expect(await versionsOf(path)).toEqual(['d', 'b', 'a']);
});

test('a file system without links keeps them all the same', async () => {
  const path = join(await makeDirectory(), 'file');
  const refused = Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
  const { disk } = mortalDisk();
  const linkless = { ...disk, link: () => Promise.reject(refused) };
  for (const content of 'abcd') await writeAtomically(path, content, { keep: 3, disk: linkless });
  expect(await versionsOf(path)).toEqual(['d', 'c', 'b']);
});

test('names that only look like versions are no versions', async () => {
  const directory = await makeDirectory();
  const path = join(directory, 'file');
  for (const name of ['file', 'file.1', 'file.10', 'file.x', 'file.1.tmp', 'other.1'])
    await writeFile(join(directory, name), '');
  expect((await versionsAt(path)).map((version) => basename(version))).toEqual(['file', 'file.1']);
  expect(await readdir(directory)).toHaveLength(6);
});
