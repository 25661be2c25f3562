// Where a command cannot write, the path and the reason are told.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { madeDirectory, writtenFile } from '../../cli/written-file.ts';

async function folderWithFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bionas-written-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), '');
  return folder;
}

test.each([
  ['a folder that is missing', 'missing/trials.csv', 'no such file or directory'],
  ['below a file', 'file/trials.csv', 'not a directory'],
  ['a folder', '.', 'illegal operation on a directory'],
])('a file is not written to %s', async (_, place, why) => {
  const path = join(await folderWithFile(), place);
  await expect(writtenFile(path, Buffer.from('a,b'))).rejects.toThrow(
    new RegExp(`^${path}: expected a place that can be written to, got E[A-Z]+: ${why}`),
  );
});

test.runIf(existsSync('/dev/full'))('nor to a disk that is full', async () => {
  await expect(writtenFile('/dev/full', Buffer.from('a,b'))).rejects.toThrow(
    '/dev/full: expected a place that can be written to, got ENOSPC: no space left on device',
  );
});

test('a directory is not made below a file', async () => {
  const path = join(await folderWithFile(), 'file', 'board');
  await expect(madeDirectory(path)).rejects.toThrow(`${path}: expected a place`);
});
