// The published CRDs as the API server takes them, with no operator running: what may change, what is kept, who writes the status.
import { beforeAll, describe, expect, test } from 'vitest';
import type { MUTABLE_FIELDS } from '../../crds/index.ts';
import { makeSearchManifest, makeTrialManifest } from '../builders/manifest.ts';
import { sharedCluster } from './harness/index.ts';
import { type Json, named, Room } from './room.ts';

let room: Room;
beforeAll(async () => {
  room = await Room.make(sharedCluster().kubectl);
});

describe('a running search', () => {
  const search = 'bns/running';
  beforeAll(async () => {
    const spec = { budget: { trials: 20 }, trialTemplate: { spec: { priorityClassName: 'low' } } };
    await room.create(named('running', makeSearchManifest(spec)));
  });

  test.each<[string, Json]>([
    ['seed', { seed: 2 }],
    ['objectives', { objectives: [{ metric: 'loss', goal: 'minimize' }] }],
    ['constraints', { constraints: [{ metric: 'macs', max: 7 }] }],
    ['measurement', { measurement: { latency: { runs: 7 } } }],
    ['searchSpace', { searchSpace: { channels: 8 } }],
    ['dataset', { dataset: { name: 'mnist' } }],
    ['training', { training: { epochs: 7 } }],
    ['algorithm', { algorithm: { settings: { population: 7 } } }],
    ['scheduling', { scheduling: { name: 'plateau-stop' } }],
    ['final', { final: { topK: 2 } }],
    ['history', { history: { keep: 7 } }],
    ['trialTemplate', { trialTemplate: { spec: { priorityClassName: 'high' } } }],
    ['trialTemplate', { trialTemplate: { workers: 2 } }],
    ['trialTemplate', { trialTemplate: null }],
    ['managedBy', { managedBy: 'acme.example/queue' }],
    ['sharing', { sharing: { perDevice: 4 } }],
    ['checkpoints', { checkpoints: { place: 's3://bucket/runs' } }],
  ])('keeps its %s', async (field, spec) => {
    await expect(room.merge(search, { spec }, '--dry-run=server')).rejects.toThrow(
      `${field} is immutable: create another search with the ${field} you want`,
    );
  });

  test.each<[(typeof MUTABLE_FIELDS)[number], Json]>([
    ['budget', { budget: { trials: 30, wallClock: '2h' } }],
    ['parallelism', { parallelism: 4 }],
    ['retry', { retry: { limit: 3, never: ['no such GPU'] } }],
    ['suspend', { suspend: true }],
  ])('changes its %s', async (field, spec) => {
    await room.merge(search, { spec });
    const after = await room.read(search);
    expect(after.spec[field]).toMatchObject(spec[field] as Json);
  });

  test('is refused a budget below its parallelism', async () => {
    const refused = room.merge(search, { spec: { budget: { trials: 3 }, parallelism: 4 } });
    await expect(refused).rejects.toThrow('parallelism is at most budget.trials');
  });
});

test('a trial trains further, never back', async () => {
  const fidelity = { epochs: 1, pause: true };
  await room.create(named('growing', makeTrialManifest({ fidelity })));
  await room.merge('trial/growing', { spec: { fidelity: { epochs: 2, pause: false } } });
  const refused = room.merge('trial/growing', { spec: { fidelity: { epochs: 1 } } });
  await expect(refused).rejects.toThrow('fidelity.epochs is only ever raised');
});

test('a trial never changes what it trains, but gets its labels', async () => {
  await room.create(named('fixed', makeTrialManifest()));
  const refused = room.merge('trial/fixed', { spec: { seed: 2 } });
  await expect(refused).rejects.toThrow('the spec of a Trial is immutable');
  await room.merge('trial/fixed', { metadata: { labels: { kept: 'yes' } } });
});

describe('a field that is unknown', () => {
  const manifest = named('unknown', makeSearchManifest({ budgets: { trials: 3 } }));

  test('is refused by default', async () => {
    await expect(room.create(manifest)).rejects.toThrow('unknown field "spec.budgets"');
  });

  test('is not kept where the client asks not to be refused', async () => {
    await room.create(manifest, '--validate=ignore');
    const { spec } = await room.read('bns/unknown');
    expect(spec).not.toHaveProperty('budgets');
    expect(spec).toMatchObject({ budget: { trials: 50 } });
  });

  test('is kept in the template of the Pods', async () => {
    const template = { spec: { fieldOfTomorrow: [{ a: 1 }] } };
    await room.create(named('tomorrow', makeSearchManifest({ trialTemplate: template })));
    const { spec } = await room.read('bns/tomorrow');
    expect(spec['trialTemplate']).toEqual(template);
  });
});

describe('the status', () => {
  const status = { phase: 'Completed', deviceSeconds: 7 };
  const statusOf = async (name: string) => (await room.read(name)).status;

  test('is not written with the spec', async () => {
    await room.create({ ...named('sly', makeSearchManifest()), status });
    expect(await statusOf('bns/sly')).toBeUndefined();
    await room.merge('bns/sly', { status, spec: { suspend: true } });
    expect(await statusOf('bns/sly')).toBeUndefined();
  });

  test('is not for who may only edit searches', async () => {
    await room.create(named('shared', makeSearchManifest()));
    const verbs = '--verb=get,list,watch,create,update,patch,delete';
    const resource = '--resource=bionassearches.bionas.dev';
    // kubectl reads the status before it writes it.
    const reader = ['create', 'role', 'reader', '--verb=get', `${resource}/status`];
    await room.run(reader);
    await room.run(['create', 'role', 'editor', verbs, resource]);
    for (const role of ['editor', 'reader']) {
      await room.run(['create', 'rolebinding', role, `--role=${role}`, '--user=jo']);
    }
    await room.merge('bns/shared', { spec: { suspend: true } }, '--as=jo');
    const written = room.setStatus('bns/shared', status, '--as=jo');
    await expect(written).rejects.toThrow(
      'User "jo" cannot patch resource "bionassearches/status" in API group "bionas.dev"',
    );
    await room.setStatus('bns/shared', status);
    expect(await statusOf('bns/shared')).toMatchObject(status);
  });

  test('is checked like the spec', async () => {
    await room.create(named('checked', makeSearchManifest()));
    const write = (fields: Json) => room.setStatus('bns/checked', fields, '--dry-run=server');
    await expect(write({ phase: 'Sleeping' })).rejects.toThrow('status.phase: Unsupported value');
    const row = { trial: 't', index: 0, genotype: 'g', objectives: [0.5] };
    await expect(write({ best: Array(11).fill(row) })).rejects.toThrow('status.best: Too many');
    await write({ best: Array(10).fill(row) });
  });
});
