// The end of a log, of which the beginning may be long.
export interface Tail {
  readonly text: string;
  /** Bytes before it. */
  readonly skipped: number;
}

/** The last lines of what comes, at most so many bytes; it begins at a line where anything is left out. */
export async function tailOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Tail> {
  let kept: Uint8Array[] = [];
  let [size, total] = [0, 0];
  for await (const chunk of chunks) {
    kept.push(chunk);
    size += chunk.length;
    total += chunk.length;
    // Now and then, so that no byte is copied often.
    if (size > 2 * most) {
      kept = [lastBytes(kept, most)];
      size = most;
    }
  }
  const bytes = lastBytes(kept, most);
  const begin = bytes.length < total ? bytes.indexOf(NEWLINE) + 1 : 0;
  const text = bytes.subarray(begin).toString('utf8');
  return { text, skipped: total - bytes.length + begin };
}

const NEWLINE = 10;

const lastBytes = (chunks: readonly Uint8Array[], most: number): Buffer => {
  const whole = Buffer.concat(chunks);
  return whole.subarray(Math.max(0, whole.length - most));
};
