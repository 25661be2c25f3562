// Files that trials have left: in the run's directory, where spec.checkpoints.place put them, on a real S3 server.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { localFile } from '../../../cli/place/left-file.ts';
import { openStore } from '../../../trainer/data/index.ts';
import { makeFolder } from '../../builders/run-directory.ts';
import { hasS3Server, startS3Server } from '../../builders/s3-server.ts';
import { makeSearch } from '../../builders/search-result.ts';

const search = makeSearch({}, { checkpoints: { place: 's3://kept/all/' } });
const left = { trial: 'night-0001', file: 'model.onnx' };
const read = async (directory: string, place: string | undefined, env = {}) => {
  const bytes = await localFile(directory, { ...left, place }, { search, env });
  return bytes && Buffer.from(bytes).toString();
};

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

test('a file is found in the directory, moved or not, and where its trainer put it', async () => {
  const directory = await makeFolder();
  expect(await read(directory, 'trials/night-0001/model.onnx')).toBeUndefined();
  await write(join(directory, 'trials/night-0001/model.onnx'), 'in the run');
  expect(await read(directory, 'trials/night-0001/model.onnx')).toBe('in the run');
  expect(await read(directory, '/before/it/was/moved/model.onnx')).toBe('in the run');
  const volume = await write(join(await makeFolder(), 'night/night-0001-uid/model.onnx'), 'volume');
  expect(await read(directory, volume)).toBe('volume');
});

test('no ledger makes anything else of this machine be read', async () => {
  const directory = await makeFolder();
  const secret = await write(join(directory, 'secret'), 'secret');
  expect(await read(directory, secret)).toBeUndefined();
});

test.each([
  's3://other/all/night/night-0001-uid/model.onnx',
  's3://kept/all/evening/night-0001-uid/model.onnx',
  's3://kept/all/night/night-0002-uid/model.onnx',
  's3://kept/all/night/night-0001-uid/../../evening/model.onnx',
  's3://kept/all/night/night-0001-uid/secret.txt',
])('no ledger makes an object of others on S3 be read: %s', async (place) => {
  await expect(read('/nowhere', place)).rejects.toThrow(
    `expected its model.onnx in s3://kept/all/night/night-0001-UID/, got ${place}`,
  );
});

test.skipIf(!hasS3Server)('a file on S3 is read by the keys of the environment', async () => {
  await using server = await startS3Server('kept');
  const store = openStore('s3://kept/all/night/night-0001-uid', server.settings);
  await store.put?.('model.onnx', Buffer.from('on S3'));
  const place = 's3://kept/all/night/night-0001-uid/model.onnx';
  expect(await read('/nowhere', place, server.env)).toBe('on S3');
  expect(await read('/nowhere', place.replace('uid', 'gone'), server.env)).toBeUndefined();
  const stopped = { search, env: server.env, signal: AbortSignal.abort() };
  await expect(localFile('/nowhere', { ...left, place }, stopped)).rejects.toThrow('aborted');
  const { AWS_ACCESS_KEY_ID: _, ...unsigned } = server.env;
  await expect(read('/nowhere', place, unsigned)).rejects.toThrow('it is read with $AWS_ACCESS');
});
