// What of a search may be another when its directory is used again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { applySearch, SearchChangedError } from '../../../cli/run/apply-search.ts';
import { BioNASSearch } from '../../../crds/index.ts';
import { ObjectStore } from '../../../operator/adapters/local/index.ts';
import { SEARCHES } from '../../../operator/reconcilers/index.ts';
import { silentLogger } from '../../../operator/runtime/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { FakeClock } from '../../operator/runtime/fake-clock.ts';

const manifest = (spec: Record<string, unknown> = {}, name = 'night'): BioNASSearch =>
  BioNASSearch.parse({
    ...makeSearchManifest(spec),
    metadata: { name, namespace: 'default' },
  });

async function started(first = manifest()) {
  const directory = await mkdtemp(join(tmpdir(), 'search-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const store = await ObjectStore.open({
    directory,
    kinds: [{ kind: SEARCHES, keep: 'memory' }],
    clock: new FakeClock(),
    newUid: () => 'uid',
    logger: silentLogger,
  });
  const client = store.of(SEARCHES);
  await applySearch(client, first);
  return client;
}

test.each([
  ['nothing', {}],
  ['the budget', { budget: { trials: 7 } }],
  ['how many trials run at once', { parallelism: 2 }],
  ['whether it pauses', { suspend: true }],
  ['how trials are retried', { retry: { limit: 3, never: ['no such GPU'] } }],
])('%s may change', async (_, spec) => {
  const search = await applySearch(await started(), manifest(spec));
  expect(search.spec).toMatchObject(spec);
});

test.each([
  ['seed', { seed: 9 }, 'spec: spec.seed: expected 1, got 9; use --fresh'],
  [
    'training',
    { training: { epochs: 9, optimizer: { learningRate: 0.5 } } },
    'spec.training.optimizer.learningRate: expected 0.05, got 0.5',
  ],
  ['a list', { objectives: [{ metric: 'loss', goal: 'minimize' }] }, 'got [{"metric":"loss"'],
  [
    'an optional field',
    { dataset: { name: 'fashion-mnist', path: '/pictures' } },
    'spec.dataset.path: expected nothing, got "/pictures"; use --fresh',
  ],
])('%s may not, and only what differs is named', async (_, spec, message) => {
  const applied = applySearch(await started(), manifest(spec));
  await expect(applied).rejects.toThrow(SearchChangedError);
  await expect(applied).rejects.toThrow(message);
});

test('a search that is older than some fields goes on with their defaults', async () => {
  const { spec, ...rest } = manifest();
  const { topK, training } = spec.final;
  const older = { ...rest, spec: { ...spec, final: { topK, training } } } as BioNASSearch;
  const client = await started(older);
  await expect(applySearch(client, manifest())).resolves.toBeDefined();
  const changed = applySearch(client, manifest({ final: { seeds: 2 } }));
  await expect(changed).rejects.toThrow('spec.final.seeds: expected 1, got 2');
});

test.each(['Completed', 'Failed'])('a %s search takes no other budget', async (type) => {
  const client = await started();
  const said = { lastTransitionTime: '', reason: '', message: '' };
  const condition = { type, status: 'True' as const, ...said };
  await client.patchStatus({ namespace: 'default', name: 'night' }, { conditions: [condition] });
  await expect(applySearch(client, manifest())).resolves.toMatchObject({ spec: { seed: 1 } });
  const applied = applySearch(client, manifest({ budget: { trials: 60 } }));
  await expect(applied).rejects.toThrow(SearchChangedError);
  await expect(applied).rejects.toThrow('reopen it: spec.budget.trials: expected 50, got 60; use');
});

test("another search does not move into a search's directory", async () => {
  const applied = applySearch(await started(), manifest({}, 'day'));
  await expect(applied).rejects.toThrow(SearchChangedError);
  await expect(applied).rejects.toThrow('expected default/night, got default/day; use --fresh');
});
