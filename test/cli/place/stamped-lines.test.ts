// Streams of one log, each from the second of the last line on: nothing is lost between them, and nothing told twice.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StampedLines } from '../../../cli/place/stamped-lines.ts';

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function told(lines: StampedLines, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of lines.unseen(chunks)) text += Buffer.from(chunk).toString('latin1');
  return text;
}

const at = (ms: number) => `${new Date(1e12 + ms).toISOString().slice(0, -1)}000000Z`;

test('a log comes whole, wherever its streams end', async () => {
  const line = fc.record({
    after: fc.integer({ min: 0, max: 1500 }),
    text: fc.constantFrom('', 'loss 0.5', '2026-11-30 12:00', 'a  b', ' '),
  });
  const chosen = fc.record({
    lines: fc.array(line, { maxLength: 8 }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
    size: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(chosen, async ({ lines, cuts, size }) => {
      const begun = lines.map((_, k) => lines.slice(0, k).reduce((ms, { after }) => ms + after, 0));
      const log = lines.map(({ text }, k) => ({ time: at(begun[k] ?? 0), text }));
      const streams = new StampedLines();
      let whole = '';
      for (const cut of [...cuts, 1]) {
        const from = streams.last?.slice(0, 19) ?? '';
        const left = log.filter(({ time }) => time.slice(0, 19) >= from);
        const bytes = Buffer.from(left.map(({ time, text }) => `${time} ${text}\n`).join(''));
        const end = Math.round(cut * bytes.length);
        whole += await told(streams, inChunks(bytes.subarray(0, end), size));
      }
      expect(whole).toBe(log.map(({ text }) => `${text}\n`).join(''));
    }),
  );
});

test('a node whose clock goes back loses nothing', async () => {
  const streams = new StampedLines();
  const log = Buffer.from(`${at(9)} one\n${at(5)} two\n${at(7)} three\n`);
  expect(await told(streams, inChunks(log, 10))).toBe('one\ntwo\nthree\n');
});

test('where a server writes no times its lines are told as they are', async () => {
  const log = Buffer.from('one two\n\nthree\n');
  expect(await told(new StampedLines(), inChunks(log, 3))).toBe('one two\n\nthree\n');
});
