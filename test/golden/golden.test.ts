// Objects of an earlier release are today's, too: nothing in them is unknown or refused, and defaults of younger fields add to them.
import { describe, expect, test } from 'vitest';
import { fileEntries } from '../../cli/ledger/index.ts';
import { unknownFields } from '../../cli/validate/unknown-fields.ts';
import {
  ALGORITHM_NAMES,
  objectSchema,
  problemsOf,
  Scheduling,
  withDefaults,
} from '../../crds/index.ts';
import { recordSchema } from '../../operator/reconcilers/index.ts';
import { goldenFiles, goldenLedger, goldenObjects } from './golden-objects.ts';

const SCHEDULERS = Scheduling.shape.name.unwrap().options.filter((name) => name !== 'none');

test('there is a search of every algorithm and scheduler', () => {
  expect(goldenFiles()).toEqual(expect.arrayContaining([...ALGORITHM_NAMES, ...SCHEDULERS]));
});

describe.each(goldenFiles())('%s', (file) => {
  test('is read', () => {
    for (const object of goldenObjects(file)) {
      expect(problemsOf(object.kind, object)).toEqual([]);
      expect(unknownFields(objectSchema(object.kind), object)).toEqual([]);
      expect(withDefaults(objectSchema(object.kind), object)).toMatchObject(object);
    }
  });
});

test('records of its ledger are read, and nothing in them is lost', () => {
  const entries = fileEntries('going.jsonl', goldenLedger('going'));
  expect(entries.length).toBeGreaterThanOrEqual(3);
  for (const entry of entries) {
    const record = 'record' in entry ? entry.record : undefined;
    expect(recordSchema(record).parse(record)).toEqual(record);
  }
});
