// What a search is known by after a restart: that of a history with something else in it than records.
import { expect, test } from 'vitest';
import { recall, UnreadableRecordError } from '../../../../operator/reconcilers/search/recall.ts';
import { makeSearch } from '../../../builders/objects.ts';
import { makeRecord } from '../../../builders/search-result.ts';

const ledgerOf = (...records: readonly unknown[]) => ({
  append: async () => undefined,
  async *read() {
    for (const [i, record] of records.entries()) yield { sequence: i + 1, record };
  },
});

test.each<[string, unknown, RegExp]>([
  ['nothing', null, /night: expected a record at 2 of its history, got a value: .*, remove them$/],
  ['text', 'hello', /record at 2/],
  ['a record of a negative index', { ...makeRecord(1), index: -1 }, /got index: Too small/],
  ['no text for a kind', { kind: 7 }, /record at 2 .*, remove them$/],
  [
    'a kind of a younger version',
    { kind: 'constructor', index: 3 },
    /record at 2 .* or none, got constructor, .*: upgrade, and leave the record where it is$/,
  ],
])('%s in a history is named with its place', async (_, record, message) => {
  const recalling = recall(makeSearch(), [], {
    ledger: ledgerOf(makeRecord(0), record),
    devices: 1,
  });
  await expect(recalling).rejects.toThrow(UnreadableRecordError);
  await expect(recalling).rejects.toThrow(message);
});
