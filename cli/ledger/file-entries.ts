// The entries of a ledger in a file: a JSON line each. Reads only: a file that a run has open stays as it is.
import type { Found } from './entry.ts';

/** `file` is for messages, `text` its content. What follows the last newline is the rest of a write that was cut off. */
export function fileEntries(file: string, text: string): Found[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line, i) => entryOf(`${file}:${i + 1}`, line));
}

function entryOf(place: string, line: string): Found {
  const shown = JSON.stringify(line.slice(0, 60));
  let entry: { search?: unknown; record?: unknown } | null;
  try {
    entry = JSON.parse(line);
  } catch {
    return { place, problem: `expected a JSON line, found ${shown}` };
  }
  if (typeof entry?.search !== 'string')
    return { place, problem: `expected {"search": UID, "record": ...}, found ${shown}` };
  return { place, search: entry.search, record: entry.record };
}
