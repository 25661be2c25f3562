// A file that a trial of a cluster has left: where it is read from, and what is said where it is out of reach.
import { expect, test } from 'vitest';
import { type ClusterNats, keptFile } from '../../../cli/place/cluster-nats.ts';
import { makeSearch } from '../../builders/search-result.ts';

const left = (place: string | undefined) => ({ trial: 'night-0001', file: 'model.onnx', place });
const search = makeSearch();
const KEPT = 'nats://bionas_search-uid/trial-uid/model.onnx';

/** NATS that says what it was asked for. */
const nats: ClusterNats = {
  async *recordsFrom() {},
  object: async (kept) => Buffer.from(JSON.stringify(kept)),
  listen() {},
  epochsOf: () => [],
  close: async () => {},
};

test('what is kept on NATS is read from there', async () => {
  const bytes = await keptFile(nats, left(KEPT), { search, env: {} });
  expect(JSON.parse(Buffer.from(bytes ?? []).toString())).toEqual({
    bucket: 'bionas_search-uid',
    trial: 'trial-uid',
    file: 'model.onnx',
  });
});

test('a trial that says of no file has left none, where all of it is known', async () => {
  expect(await keptFile(nats, left(undefined), { search, env: {} })).toBeUndefined();
});

test.each<[string, string | undefined, ClusterNats | undefined, string]>([
  ['on NATS that is out of reach', KEPT, undefined, "kept on the cluster's NATS; --nats URL"],
  ['of an object that is gone', undefined, undefined, 'expected its object, to know where'],
  ['on a volume', '/data/model.onnx', nats, 'is /data/model.onnx of its Pod, out of reach'],
  ['in the bucket of another search', KEPT.replace('search', 'other'), nats, 'may be another'],
  ['on S3, where its search keeps none', 's3://all/a/model.onnx', nats, 'may be another'],
  ['at a place made up', 'nats://a/../b/model.onnx', nats, 'out of reach from here'],
])('a file %s is told of', async (_, place, reach, why) => {
  await expect(keptFile(reach, left(place), { search, env: {} })).rejects.toThrow(why);
});
