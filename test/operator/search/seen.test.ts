// The persistent set of what was proposed, against JavaScript's own set.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasSeen, NONE_SEEN, type Seen, withSeen } from '../../../operator/search/seen.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Few digits, so that hashes share long beginnings and the trie grows deep. */
const hashes = fc
  .array(fc.constantFrom('0', 'f'), { minLength: 16, maxLength: 16 })
  .map((digits) => digits.join('').padEnd(64, '0'));

test('holds what was added, and nothing else, also after a way through JSON', () => {
  fc.assert(
    fc.property(fc.array(hashes, { maxLength: 200 }), hashes, (added, other) => {
      const seen = added.reduce(withSeen, NONE_SEEN);
      const stored: Seen = JSON.parse(JSON.stringify(seen));
      const want = new Set(added);
      expect(seen.size).toBe(want.size);
      for (const hash of [...added, other]) {
        expect(hasSeen(seen, hash)).toBe(want.has(hash));
        expect(hasSeen(stored, hash)).toBe(want.has(hash));
      }
    }),
  );
});

test('adding leaves the earlier set as it was', () => {
  const one = withSeen(NONE_SEEN, hashOf('a'));
  const two = withSeen(one, hashOf('b'));
  expect([one, two].map((seen) => hasSeen(seen, hashOf('b')))).toEqual([false, true]);
  expect(NONE_SEEN).toEqual({ size: 0, root: {} });
});

test('sets share what they have in common: one more of 10,000 copies one path', () => {
  const seen = Array.from({ length: 10_000 }, (_, i) => hashOf(`${i}`)).reduce(withSeen, NONE_SEEN);
  const more = withSeen(seen, hashOf('one more'));
  const shared = Object.keys(more.root).filter((digit) => more.root[digit] === seen.root[digit]);
  expect(shared).toHaveLength(15);
});
