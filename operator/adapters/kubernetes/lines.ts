// A body of newline-delimited text, line by line as it comes, in bounded memory.
import { AnswerTooLargeError } from './failures.ts';

/** @throws AnswerTooLargeError for a line of more than `limit` bytes. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  limit: number,
): AsyncGenerator<string> {
  /** The beginning of a line whose end has not come yet. */
  let begun: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > limit) throw new AnswerTooLargeError(`a line of more than ${limit} bytes`);
    begun.push(part);
  };
  const take = (): string => {
    const line = Buffer.concat(begun).toString('utf8');
    begun = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
