// result.json and report.html on disk: whole or not at all, whatever happens meanwhile.
import { open, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SearchResult } from './schema.ts';

/** A file that is no SearchResult. */
export class ResultFileError extends Error {
  override readonly name = 'ResultFileError';
}

/** Written beside and renamed, so that a reader sees the old file or the new one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.tmp`);
  const file = await open(beside, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

export function writeResult(path: string, result: SearchResult): Promise<void> {
  return replaceFile(path, `${JSON.stringify(SearchResult.parse(result), null, 2)}\n`);
}

/** @throws ResultFileError, or the system's error where there is no such file */
export async function readResult(path: string): Promise<SearchResult> {
  const text = await readFile(path, 'utf8');
  try {
    return SearchResult.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ResultFileError(`${path}: expected a SearchResult (docs/result.md), got ${reason}`, {
      cause,
    });
  }
}
