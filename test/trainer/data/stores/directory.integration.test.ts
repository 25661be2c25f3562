// A store in a directory.
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore, storeSettings } from '../../../../trainer/data/stores/index.ts';
import { storeCases } from '../../../cases/store.cases.ts';
import { directoryWith } from '../directories.ts';

describe('a directory', () => {
  storeCases(async (files) => openStore(await directoryWith(files), storeSettings({})));

  test.skipIf(process.getuid?.() === 0)('says what may not be read', async () => {
    const directory = await directoryWith({ 'train.tar': new Uint8Array(4) });
    await chmod(join(directory, 'train.tar'), 0);
    const asking = openStore(directory, storeSettings({})).get('train.tar');
    await expect(asking).rejects.toMatchObject({ fault: 'forbidden' });
  });
});

test('an address of another kind is refused', () => {
  expect(() => openStore('ftp://host/x', storeSettings({}))).toThrow(
    'ftp://host/x: expected the path of a directory, https://, http:// or s3://BUCKET',
  );
});
