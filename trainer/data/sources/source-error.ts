// What every source throws when it has nothing to give; `fetch` then asks the next one.

/** A source did not yield its files. The message is one clause of fetch's report. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}
