import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { PreflightError, preflight } from '../../../cli/run/preflight.ts';
import { BioNASSearchSpec, SUPERNET_ALGORITHMS } from '../../../crds/index.ts';

const PICTURES = 40;
let cache = '';

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'bionas-preflight-'));
  onTestFinished(() => rm(cache, { recursive: true }));
});

/** CIFAR-10 of 40 + 40 black pictures at `path`, and a recipe for them. */
async function search(
  path: string,
  batchSize: number,
  trainPictures: number,
  rest: Record<string, unknown> = {},
) {
  const record = Buffer.alloc(PICTURES * 3073);
  for (const name of ['data_batch_1.bin', 'test_batch.bin'])
    await writeFile(join(path, name), record);
  const dataset = { name: 'cifar10', path, validationPictures: 10, trainPictures };
  return BioNASSearchSpec.parse({
    searchSpace: { kind: 'nb201' },
    dataset,
    training: { batchSize },
    ...rest,
  });
}

const installed = { env: {}, settleExecutor: () => ({}) };

test('a search whose pictures are there and enough may start', async () => {
  await expect(preflight(await search(cache, 30, 30), { cache, ...installed })).resolves.toEqual(
    [],
  );
});

test.each([
  ['a batch larger than the training pictures', 31, 30, PreflightError],
  [
    'more pictures than the data set has',
    8,
    31,
    'expected validationPictures + trainPictures within the 40',
  ],
])('%s is refused before any trial', async (_title, batch, pictures, want) => {
  const spec = await search(cache, batch, pictures);
  await expect(preflight(spec, { cache, ...installed })).rejects.toThrow(want);
});

test.each(SUPERNET_ALGORITHMS)(
  'a supernet of %s learns its weights from half of the pictures',
  async (name) => {
    const supernet = {
      searchSpace: { kind: 'darts', conversion: 'partial' },
      algorithm: { name },
    };
    const check = async (batch: number) =>
      preflight(
        await search(cache, batch, 30, { ...supernet, training: { batchSize: batch, epochs: 16 } }),
        { cache, ...installed },
      );
    await expect(check(15)).resolves.toEqual([]);
    await expect(check(16)).rejects.toThrow(
      'expected at most the 15 training pictures of a trial (the other half is for the architecture), got 16',
    );
  },
);

test('a data set that is not there says how to get it', async () => {
  const spec = BioNASSearchSpec.parse({
    searchSpace: { kind: 'nb201' },
    dataset: { name: 'mnist' },
  });
  const check = preflight(spec, { cache, ...installed });
  await expect(check).rejects.toThrow('bionas data fetch mnist');
});

test('an executor that was settled on otherwise than hoped is told', async () => {
  const settleExecutor = (name: string) => ({ reason: `${name}: ONNX Runtime computes` });
  const env = { BIONAS_EXECUTOR: 'auto' };
  await expect(
    preflight(await search(cache, 8, 30), { cache, env, settleExecutor }),
  ).resolves.toEqual(['auto: ONNX Runtime computes']);
});

test('a missing library comes first', async () => {
  const settleExecutor = () => {
    throw new Error('run make tensorflow');
  };
  const spec = await search(cache, 8, 30);
  await expect(preflight(spec, { cache, env: {}, settleExecutor })).rejects.toThrow(
    'run make tensorflow',
  );
});
