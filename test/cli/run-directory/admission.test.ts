import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { admission } from '../../../cli/run-directory/admission.ts';
import type { BioNASSearch } from '../../../crds/index.ts';
import { ObjectStore } from '../../../operator/adapters/local/index.ts';
import { SEARCHES, TRIALS } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { makeTrial } from '../../builders/objects.ts';

async function openStore() {
  const directory = await mkdtemp(join(tmpdir(), 'admission-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const store = await ObjectStore.open({
    directory,
    kinds: [
      { kind: SEARCHES, keep: 'disk', admit: admission('BioNASSearch') },
      { kind: TRIALS, keep: 'disk', admit: admission('Trial') },
    ],
    clock: systemClock,
    newUid: () => 'uid',
    logger: silentLogger,
  });
  return { searches: store.of(SEARCHES), trials: store.of(TRIALS) };
}

const KEY = { namespace: 'default', name: 'night' };

function manifest(spec = {}): BioNASSearch {
  const metadata = { name: 'night', namespace: 'default' };
  return { ...makeSearchManifest(spec), metadata } as BioNASSearch;
}

test('a local search gets the defaults of the API server', async () => {
  const { searches } = await openStore();
  const { spec } = await searches.create(manifest());
  expect(spec).toMatchObject({ seed: 1, parallelism: 1, budget: { trials: 50 } });
});

test.each([
  [
    'of the wrong type',
    { parallelism: 'two' },
    'spec.parallelism: expected a whole number, got "two"',
  ],
  ['that break a rule between fields', { parallelism: 60 }, 'parallelism is at most budget.trials'],
])('fields %s are refused', async (_what, spec, message) => {
  const { searches } = await openStore();
  await expect(searches.create(manifest(spec))).rejects.toThrow(message);
});

test('what is immutable is refused, what may change is not', async () => {
  const { searches } = await openStore();
  await searches.create(manifest());
  await expect(searches.patch(KEY, { spec: { seed: 2 } })).rejects.toThrow('seed is immutable');
  const { spec } = await searches.patch(KEY, { spec: { parallelism: 3 } });
  expect(spec.parallelism).toBe(3);
});

test('a trial keeps its spec for life', async () => {
  const { trials } = await openStore();
  const { object } = makeTrial();
  const metadata = { name: 'night-0', namespace: 'default' };
  await trials.create({ ...object, metadata });
  const key = { ...KEY, name: 'night-0' };
  await expect(trials.patch(key, { spec: { seed: 2 } })).rejects.toThrow('immutable');
  const { status } = await trials.patchStatus(key, { attempt: 1 });
  expect(status).toMatchObject({ attempt: 1, retries: 0, deviceSeconds: 0 });
});
