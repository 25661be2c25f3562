// A store in a bucket, on a real server that checks signatures.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../../../trainer/data/stores/index.ts';
import { hasS3Server, type S3Server, startS3Server } from '../../../builders/s3-server.ts';
import { storeCases } from '../../../cases/store.cases.ts';

describe.skipIf(!hasS3Server)('a bucket', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server('pictures');
  });
  afterAll(() => server.close());

  storeCases(async (files) => {
    const store = openStore('s3://pictures/imagenet', server.settings);
    for (const [name, bytes] of Object.entries(files)) await store.put?.(name, bytes);
    return store;
  });

  test('lists more names than one answer holds', async () => {
    const store = openStore('s3://pictures/many', server.settings);
    const names = Array.from({ length: 1005 }, (_, i) => `n${String(i).padStart(4, '0')}.JPEG`);
    const left = [...names];
    const writers = Array.from({ length: 16 }, async () => {
      for (let name = left.pop(); name !== undefined; name = left.pop())
        await store.put?.(`train/${name}`, new Uint8Array(1));
    });
    await Promise.all(writers);
    expect((await store.list('train')).map(({ name }) => name)).toEqual(names);
  });

  test('a wrong key is named with the code of S3', async () => {
    const s3 = { ...server.settings.s3, secretAccessKey: 'another' };
    const asking = openStore('s3://pictures/imagenet', { ...server.settings, s3 }).get(
      'manifest.json',
    );
    await expect(asking).rejects.toMatchObject({ fault: 'forbidden' });
    await expect(asking).rejects.toThrow(
      /^s3:\/\/pictures\/imagenet\/manifest\.json: answered 403 Forbidden: SignatureDoesNotMatch\. .*AWS_ACCESS_KEY_ID/,
    );
  });

  test('without keys nothing is signed, and a private bucket says no', async () => {
    const { region, endpoint } = server.settings.s3;
    const asking = openStore('s3://pictures', { s3: { region, endpoint } }).list('');
    await expect(asking).rejects.toMatchObject({ fault: 'forbidden' });
  });

  test('a bucket that is not there is named', async () => {
    const asking = openStore('s3://nowhere/x', server.settings).get('manifest.json');
    await expect(asking).rejects.toThrow(/s3:\/\/nowhere\/x\/manifest\.json: .*NoSuchBucket/);
  });
});
