// The records of a local run's ledger, one after the other: there may be 50,000. Reads only: a run may be writing.
import { open } from 'node:fs/promises';
import { isTrialRecord, recordSchema, type TrialRecord } from '../../operator/reconcilers/index.ts';

/** A ledger that is not what a run writes. */
export class DamagedLedgerError extends Error {
  override readonly name = 'DamagedLedgerError';
}

/** Of trials that ended; none where there is no file yet. @throws DamagedLedgerError */
export async function* recordsIn(path: string, search: string): AsyncGenerator<TrialRecord> {
  let number = 0;
  for await (const line of wholeLines(path)) {
    number += 1;
    const record = recordOf(line, search);
    if (record === 'damaged') throw damaged(path, number, line);
    if (record !== undefined) yield record;
  }
}

const CHUNK = 1 << 20;

/** What follows the last newline is still being written. */
async function* wholeLines(path: string): AsyncGenerator<string> {
  const file = await open(path).catch(() => undefined);
  let rest = '';
  for await (const chunk of file?.createReadStream({ encoding: 'utf8', highWaterMark: CHUNK }) ??
    []) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
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

const damaged = (path: string, line: number, text: string): DamagedLedgerError =>
  new DamagedLedgerError(
    `${path}:${line}: expected a record of the search, found ${JSON.stringify(text.slice(0, 60))}; bionas ledger verify --file ${path} tells more`,
  );
