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
  let entry: { key?: unknown; record?: unknown } | null;
  try {
    entry = JSON.parse(line);
  } catch {
    return { place, problem: `expected a JSON line, found ${shown}` };
  }
  const [search, trial, ...rest] = typeof entry?.key === 'string' ? entry.key.split('/') : [];
  if (!search || !trial || rest.length > 0)
    return { place, problem: `expected {"key": "SEARCH/TRIAL", "record": ...}, found ${shown}` };
  return { place, search, trial, record: entry?.record };
}
