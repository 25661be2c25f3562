// The records of a local run's ledger, one after the other: there may be 50,000. Reads only: a run may be writing.
import { open, readFile } from 'node:fs/promises';
import { isTrialRecord, recordSchema, type TrialRecord } from '../../operator/reconcilers/index.ts';
import type { LedgerPlace, PlacedRecord } from './place.ts';

/** A ledger that is not what a run writes. */
export class DamagedLedgerError extends Error {
  override readonly name = 'DamagedLedgerError';
}

/** Of trials that ended, from a byte of the file on; none where there is no file yet. @throws DamagedLedgerError */
export async function* recordsIn(
  path: string,
  { search, from = 0 }: { readonly search: string; readonly from?: LedgerPlace },
): AsyncGenerator<PlacedRecord> {
  for await (const { text, place } of wholeLines(path, from)) {
    const record = recordOf(text, search);
    if (record === 'damaged') throw await damaged(path, place, text);
    if (record !== undefined) yield { record, place };
  }
}

const CHUNK = 1 << 20;
const NEWLINE = 10;

interface Line {
  readonly text: string;
  /** The byte behind it. */
  readonly place: number;
}

/** What follows the last newline is still being written. */
async function* wholeLines(path: string, from: number): AsyncGenerator<Line> {
  const file = await open(path).catch(() => undefined);
  let [rest, place] = [Buffer.alloc(0), from];
  for await (const chunk of file?.createReadStream({ start: from, highWaterMark: CHUNK }) ?? []) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      const text = bytes.toString('utf8', begin, end);
      begin = end + 1;
      yield { text, place: place + begin };
    }
    rest = bytes.subarray(begin);
    place += begin;
  }
}

/** undefined: of something else than the end of a trial of the search. */
function recordOf(line: string, search: string): TrialRecord | 'damaged' | undefined {
  try {
    const said = JSON.parse(line);
    if (said?.search !== search) return said?.record === undefined ? 'damaged' : undefined;
    const { data } = recordSchema(said.record).safeParse(said.record);
    if (data === undefined) return 'damaged';
    return isTrialRecord(data) ? data : undefined;
  } catch {
    return 'damaged';
  }
}

async function damaged(path: string, end: number, text: string): Promise<DamagedLedgerError> {
  const before = (await readFile(path)).subarray(0, end).toString('latin1');
  const line = before.split('\n').length - 1;
  return new DamagedLedgerError(
    `${path}:${line}: expected a record of the search, found ${JSON.stringify(text.slice(0, 60))}; bionas ledger verify --file ${path} tells more`,
  );
}
