// What a keeper tells its shelf of a file whose last version there is damaged.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Shelf, ShelfKeeper } from '../../../trainer/keeping/index.ts';
import { writeAtomically } from '../../../trainer/training/index.ts';

test('a damaged version is replaced by the first that arrives, whichever that is', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'shelf-keeper-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const puts: [string, string, boolean][] = [];
  let refusals = 2;
  const shelf: Shelf = {
    placeOf: (file) => file,
    get: async () => undefined,
    put: async (file, _path, { urgency, replaces }) => {
      puts.push([file, urgency, replaces]);
      if (file === 'damaged' && refusals-- > 0) throw new Error('away');
    },
  };
  const keeper = new ShelfKeeper(shelf, () => {});
  const save = async (file: string, content: string) => {
    await writeAtomically(join(directory, file), content);
    return keeper.keep(join(directory, file));
  };
  await writeAtomically(join(directory, 'damaged'), 'found');
  keeper.offer(join(directory, 'damaged'), { replaces: true });
  await save('other', 'first');
  expect(await save('damaged', 'second')).toBeUndefined();
  expect(await save('damaged', 'third')).toBe('damaged');
  await save('damaged', 'fourth');
  expect(puts).toEqual([
    ['damaged', 'background', true],
    ['other', 'now', false],
    ['damaged', 'now', true],
    ['damaged', 'now', true],
    ['damaged', 'now', false],
  ]);
});
