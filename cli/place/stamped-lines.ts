// The lines of a log whose stream may end before the log does. Each comes with its time, which is taken off; a stream that begins
// at the time of the last line goes on where the one before it ended, in the middle of a line as well.

/** As kubelets write it in front of a line: RFC 3339 with nanoseconds, in one offset all along, so that it is sorted as text. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/;
const [NEWLINE, SPACE] = [10, 32];

export class StampedLines {
  #last: string | undefined;
  /** Bytes that were told of lines of that time. */
  #told = 0;

  /** Time of the last line. */
  get last(): string | undefined {
    return this.#last;
  }

  /** Of a stream what those before it have not told, without times. */
  async *unseen(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const parts = linesByPart();
    const before: Before = { time: this.#last, bytes: this.#told };
    for await (const chunk of chunks) {
      const unseen = parts(chunk).map((part) => this.#unseenOf(part, before));
      const bytes = Buffer.concat(unseen);
      if (bytes.length > 0) yield bytes;
    }
  }

  #unseenOf({ time, bytes }: LinePart, before: Before): Buffer {
    if (before.time !== undefined && time !== undefined) {
      if (time < before.time) return Buffer.alloc(0);
      // From here on the clock of the node may go back as it likes.
      if (time > before.time) before.time = undefined;
    }
    const known = before.time === undefined ? 0 : Math.min(before.bytes, bytes.length);
    before.bytes -= known;
    if (time !== this.#last) this.#told = 0;
    this.#last = time;
    this.#told += bytes.length - known;
    return bytes.subarray(known);
  }
}

/** What the streams before have told. */
interface Before {
  /** undefined once that is behind. */
  time: string | undefined;
  /** Of lines of that time; those that come again are taken off. */
  bytes: number;
}

interface LinePart {
  /** undefined where the server writes none. */
  readonly time?: string | undefined;
  readonly bytes: Buffer;
}

/** What has come of lines, with each chunk. */
function linesByPart(): (chunk: Uint8Array) => LinePart[] {
  let rest = Buffer.alloc(0);
  /** Of the line that has begun. */
  let begun: Pick<LinePart, 'time'> | undefined;
  const begin = () => (begun === undefined ? timeAt(rest) : { ...begun, length: 0 });
  return (chunk) => {
    const parts: LinePart[] = [];
    rest = Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      const { time, length } = begin();
      if (length === undefined) break;
      const newline = rest.indexOf(NEWLINE, length);
      begun = newline < 0 ? { time } : undefined;
      const end = begun ? rest.length : newline + 1;
      parts.push({ time, bytes: rest.subarray(length, end) });
      rest = rest.subarray(end);
    }
    return parts;
  };
}

/** At the beginning of a line; `length` with the space behind it, undefined until it is whole. */
function timeAt(line: Buffer): { readonly time?: string; readonly length?: number } {
  const end = line.findIndex((byte) => byte === SPACE || byte === NEWLINE);
  if (end < 0) return {};
  const word = line.toString('latin1', 0, end);
  return TIME.test(word) ? { time: word, length: end + 1 } : { length: 0 };
}
