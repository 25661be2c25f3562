// What names a search and its Trials by their UIDs, named anew.
import { describe, expect, test } from 'vitest';
import {
  renamedPlaces,
  renamedRecord,
  searchAnew,
  statusAnew,
  trialAnew,
} from '../../../cli/backup/renaming.ts';
import { isBeingRestored, RESTORING } from '../../../crds/index.ts';
import { at, makeSearch, makeTrial } from '../../builders/objects.ts';
import { makeRecord } from '../../builders/search-result.ts';

const names = {
  search: ['search-uid', 'new-search'],
  trials: new Map([['uid-1', 'new-1']]),
  known: new Map([
    ['night-0001', 'uid-1'],
    ['night-0002', 'uid-2'],
  ]),
} as const;

describe('a record', () => {
  test('is of the new search, and of the Trial as it came back', () => {
    const record = renamedRecord(makeRecord(1), names);
    expect(record).toMatchObject({ search: 'new-search', trial: 'new-1', name: 'night-0001' });
  });

  test('of a Trial that does not come back keeps its UID', () => {
    expect(renamedRecord(makeRecord(2), names)).toMatchObject({ trial: 'uid-2' });
  });

  test('says where its files are now; what lies elsewhere stays', () => {
    const artifacts = {
      'model.onnx': 'nats://bionas_search-uid/uid-1/model.onnx',
      checkpoint: 'nats://bionas_search-uid/uid-2/checkpoint.safetensors',
      other: 'nats://bionas_another/uid-1/model.onnx',
      log: '/runs/night/logs/night-0-0.log',
    };
    expect(renamedPlaces({ artifacts }, names).artifacts).toEqual({
      ...artifacts,
      'model.onnx': 'nats://bionas_new-search/new-1/model.onnx',
      checkpoint: 'nats://bionas_new-search/uid-2/checkpoint.safetensors',
    });
  });

  test('of a local run says that its files are on NATS now', () => {
    const artifacts = {
      model: '/home/ada/runs/night/trials/night-0001/model.onnx',
      genotype: 'runs/night/trials/night-0002/genotype.json',
      other: '/home/ada/runs/day/trials/day-0001/model.onnx',
      message: 'no model in trials/night-0001/model.onnx yet',
    };
    expect(renamedPlaces({ artifacts }, names).artifacts).toEqual({
      ...artifacts,
      model: 'nats://bionas_new-search/new-1/model.onnx',
      genotype: 'nats://bionas_new-search/uid-2/genotype.json',
    });
  });

  test('that tells of a file in words is left alone', () => {
    const message = 'cannot open /x/trials/night-0001/model.onnx';
    const failed = { conditions: [{ message }], lines: ['trials/night-0002/model.onnx'] };
    expect(renamedPlaces(failed, names)).toEqual(failed);
  });
});

describe('an object', () => {
  test('comes back without what the API server gave it, marked as being restored', () => {
    const search = makeSearch();
    const annotations = {
      team: 'blue',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const again = searchAnew({ ...search, metadata: { ...search.metadata, annotations } }, 'lab');
    expect(again.metadata).toEqual({
      name: 'night',
      namespace: 'lab',
      annotations: { team: 'blue', [RESTORING]: 'true' },
    });
    expect(isBeingRestored(again)).toBe(true);
    expect(again.spec).toBe(search.spec);
  });

  test('a Trial is owned by the search as it came back', () => {
    const search = { ...makeSearch(), metadata: { ...makeSearch().metadata, uid: 'new-search' } };
    expect(trialAnew(makeTrial().object, search).metadata).toMatchObject({
      namespace: 'default',
      ownerReferences: [
        { kind: 'BioNASSearch', name: 'night', uid: 'new-search', controller: true },
      ],
    });
  });
});

describe('the status of a Trial', () => {
  test('that ran says that another Pod goes on, at no expense of a retry', () => {
    const status = statusAnew(makeTrial().running(5).used(30).object, at(900), names);
    expect(status).toMatchObject({ attempt: 1, retries: 0, deviceSeconds: 30, startTime: at(5) });
    expect(status.conditions).toMatchObject([
      { type: 'Running', status: 'False', reason: 'Interrupted', lastTransitionTime: at(900) },
    ]);
  });

  test.each([
    ['ended', makeTrial().withResult().succeeded()],
    ['waits', makeTrial().waiting()],
  ])('that %s stays as it was', (_, { object }) => {
    expect(statusAnew(object, at(900), names)).toEqual(object.status);
  });
});
