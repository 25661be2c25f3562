// Layers are the same for the same content, so that an image's digest says what is in it.
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { blobsOf, writeLayer, writeLayout } from '../../../scripts/images/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bionas-layer-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A layer of one file, written at some time by somebody with some umask. */
const layerOf = (text: string, mode = 0o644, year = 2001) =>
  writeLayer(
    {
      fill: async (root) => {
        const file = join(root, 'file');
        writeFileSync(file, text);
        chmodSync(file, mode);
        utimesSync(file, year, year);
        return [];
      },
    },
    folder,
  );

test('times and the umask of who made it leave no trace', async () => {
  const first = await layerOf('same');
  expect(await layerOf('same', 0o600, 2002)).toEqual(first);
  expect((await layerOf('other')).digest).not.toBe(first.digest);
});

test('a program is no data: whether a file may be run counts', async () => {
  expect((await layerOf('same', 0o755)).digest).not.toBe((await layerOf('same')).digest);
});

test('the same layers under the same name are the same image', async () => {
  const image = async (layout: string, name: string) => {
    const layer = await layerOf('same');
    return writeLayout(join(folder, layout), {
      ...{ reference: name, layers: [layer] },
      config: { Entrypoint: ['/file'] },
    });
  };
  const digest = await image('one', 'a:1');
  expect(await image('two', 'a:1')).toBe(digest);
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(readdirSync(blobsOf(join(folder, 'one')))).toContain(digest.slice(7));
});
