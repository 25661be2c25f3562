// The published CRDs as people see them through kubectl: columns, names, and an explanation of every field.
import { beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../../crds/index.ts';
import { makeSearchManifest, makeTrialManifest } from '../builders/manifest.ts';
import { sharedCluster } from './harness/index.ts';
import { named, Room } from './room.ts';

const { kubectl } = sharedCluster();
let room: Room;
beforeAll(async () => {
  room = await Room.make(kubectl);
});

describe('what people see', () => {
  const columns = (table: string) => table.split('\n').map((line) => line.split(/ {2,}/));

  beforeAll(async () => {
    await room.create(named('seen', makeSearchManifest()));
    const best = [{ trial: 'seen-3', index: 3, genotype: 'nb201;g', objectives: [0.9312] }];
    const trials = { proposed: 9, running: 2, succeeded: 6, infeasible: 2, failed: 1 };
    const status = { phase: 'Searching', trials, best, deviceSeconds: 75.5 };
    await room.setStatus('bns/seen', status);
  });

  test('a search in a line, by its short name', async () => {
    const [header, row] = columns(await room.run(['get', 'bns', 'seen']));
    expect(header?.map((name) => name.trim())).toEqual([
      ...['NAME', 'PHASE', 'SUCCEEDED', 'RUNNING', 'FAILED', 'PROPOSED', 'BEST', 'AGE'],
    ]);
    expect(row?.slice(0, 7)).toEqual(['seen', 'Searching', '6', '2', '1', '9', '0.9312']);
  });

  test('the best network and the time of devices in a wide line', async () => {
    const [header, row] = columns(await room.run(['get', 'bns', 'seen', '-o', 'wide']));
    expect(header?.slice(7, 10)).toEqual(['GENOTYPE', 'DEVICE-SECONDS', 'INFEASIBLE']);
    expect(row?.slice(7, 10)).toEqual(['nb201;g', '75.5', '2']);
  });

  test('searches and trials together, by their category', async () => {
    await room.create(named('seen-3', makeTrialManifest()));
    const names = await room.run(['get', 'bionas', '-o', 'name']);
    expect(names.split('\n')).toEqual(
      expect.arrayContaining(['bionassearch.bionas.dev/seen', 'trial.bionas.dev/seen-3']),
    );
  });

  test('a trial in a line', async () => {
    await room.create(named('line', makeTrialManifest()));
    const end = { reason: 'Trained', message: 'done', lastTransitionTime: '2026-01-02T03:04:05Z' };
    const conditions = [
      { type: 'Running', status: 'False', ...end },
      { type: 'Succeeded', status: 'True', ...end },
    ];
    await room.setStatus('trial/line', { conditions });
    const [header, row] = columns(await room.run(['get', 'trial', 'line']));
    expect(header?.map((name) => name.trim())).toEqual([
      ...['NAME', 'SEARCH', 'PURPOSE', 'PHASE', 'REASON', 'EPOCHS', 'ACCURACY', 'AGE'],
    ]);
    expect(row?.slice(0, 6)).toEqual(['line', 'night', 'Search', 'Succeeded', 'Trained', '1']);
  });

  test.each(KINDS)('every field of %s is explained', async (kind) => {
    const document = JSON.parse(
      await kubectl(['get', '--raw', '/openapi/v3/apis/bionas.dev/v1alpha1']),
    );
    const schema = document.components.schemas[`dev.bionas.v1alpha1.${kind}`];
    expect(fieldsWithoutDescription(schema)).toEqual([]);
  });

  test.each([
    ['bns', 'A search for neural networks whose layers learn by different'],
    ['bns.spec.searchSpace.learningRules', 'Learning rules a layer with weights may have.'],
    ['bns.spec.budget.wallClock', 'Time since the search began, such as 90m or 12h.'],
    ['bns.status.best.genotype', 'Canonical text.'],
    ['trials.spec.fidelity.epochs', 'Epochs to train now, of training.epochs.'],
  ])('kubectl explain %s', async (path, text) => {
    expect(await kubectl(['explain', path])).toContain(text);
  });
});

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

/** Paths of spec and status as the server explains them; the rest is Kubernetes' own. */
function fieldsWithoutDescription(schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? schema.items?.properties ?? {})
    .filter(([name]) => path !== '' || ['spec', 'status'].includes(name))
    .flatMap(([name, field]) => [
      ...(field.description ? [] : [`${path}.${name}`]),
      ...fieldsWithoutDescription(field, `${path}.${name}`),
    ]);
}
