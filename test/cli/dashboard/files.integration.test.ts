// Files of trials that lie elsewhere than in a run's directory: sent where the place has them, told of where it has not.
import { expect, test } from 'vitest';
import { type FoundSearch, localPlace, PlaceError } from '../../../cli/place/index.ts';
import { aborted } from '../../../operator/runtime/index.ts';
import { serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeRecord } from '../../builders/search-result.ts';
import { verbIo } from '../../builders/verbs.ts';

const TRIAL = '/api/searches/default/night/trials/night-0000';
const KEPT = 'nats://bionas_search-uid/uid-0';

const kept: FoundSearch['file'] = async ({ file, place }) => {
  if (place?.startsWith('s3://')) throw new PlaceError(`${place}: no credentials`);
  return file === 'model.onnx' ? Buffer.from('a model') : undefined;
};

/** The night as on a cluster, whose trials' files are at these places; NATS has the model alone. */
async function onCluster(artifacts: Record<string, string>, fileOf: FoundSearch['file'] = kept) {
  const { result, ...record } = makeRecord(0);
  if (result === undefined) throw new Error('a trained record has a result');
  const folder = await leaveNight({
    records: [{ ...record, result: { ...result, artifacts } }],
  });
  const local = localPlace(verbIo(folder, { out: [], err: [] }));
  const away = ({ directory: _, ...found }: FoundSearch): FoundSearch => ({
    ...found,
    again: async () => away(await found.again()),
    file: fileOf,
    outOfReach: ({ place = '' }) =>
      place.startsWith('/') ? `${place} of its Pod: copy it from there` : undefined,
  });
  const searches = async () => (await local.searches()).map(away);
  return serveDashboard(folder, { place: { kind: 'local', searches } });
}

test('what trainers keep on NATS is sent, and the network without it', async () => {
  const { get } = await onCluster({
    'model.onnx': `${KEPT}/model.onnx`,
    checkpoint: `${KEPT}/checkpoint.safetensors`,
  });
  const { files } = (await get(TRIAL)).json;
  expect(files).toMatchObject([
    { name: 'genotype.json' },
    { name: 'model.onnx' },
    { name: 'checkpoint.safetensors' },
  ]);
  const model = await get(`${TRIAL}/files/model.onnx`);
  expect([model.status, model.text]).toEqual([200, 'a model']);
  const network = await get(`${TRIAL}/files/genotype.json`);
  expect(network.headers['content-disposition']).toContain('night-0000-genotype.json');
  expect(network.json).toMatchObject({ text: makeRecord(0).genotype, shape: { channels: 16 } });
  const gone = await get(`${TRIAL}/files/checkpoint.safetensors`);
  expect([gone.status, gone.json.error]).toEqual([
    404,
    `checkpoint.safetensors: it is at ${KEPT}/checkpoint.safetensors no more`,
  ]);
});

test('what is out of reach is told of with what to do', async () => {
  const { get } = await onCluster({
    'model.onnx': '/data/model.onnx',
    checkpoint: 's3://bucket/checkpoint.safetensors',
    other: '/etc/passwd',
  });
  const { files } = (await get(TRIAL)).json;
  expect(files).toEqual([
    { name: 'genotype.json', bytes: expect.any(Number) },
    { name: 'model.onnx', problem: '/data/model.onnx of its Pod: copy it from there' },
    { name: 'checkpoint.safetensors' },
  ]);
  expect(await get(`${TRIAL}/files/model.onnx`)).toMatchObject({ status: 404 });
  const refused = await get(`${TRIAL}/files/checkpoint.safetensors`);
  expect([refused.status, refused.json.error]).toEqual([
    503,
    's3://bucket/checkpoint.safetensors: no credentials',
  ]);
  expect(await get(`${TRIAL}/files/passwd`)).toMatchObject({ status: 404 });
});

test('no file is fetched on for a reader that has left', async () => {
  const reader = new AbortController();
  const given = Promise.withResolvers<string>();
  const { url } = await onCluster({ 'model.onnx': `${KEPT}/model.onnx` }, async (_, signal) => {
    reader.abort();
    if (signal !== undefined) await aborted(signal);
    given.resolve(`given up: ${signal?.aborted}`);
    throw signal?.reason;
  });
  const { signal } = reader;
  await expect(fetch(`${url}${TRIAL}/files/model.onnx`, { signal })).rejects.toThrow('aborted');
  expect(await given.promise).toBe('given up: true');
});
