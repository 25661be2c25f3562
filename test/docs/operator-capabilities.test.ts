// docs/operator-capabilities.md and docs/security.md name tests as proof: each file is there, and has a test of that title.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const CAPABILITIES = read('docs/operator-capabilities.md');

const NAMED = /`(test\/[\w./-]+)`(?: "([^"]+)")?/g;
const named = (text: string) =>
  [...text.matchAll(NAMED)].map(([, file = '', title]) => ({ file, title }));
/** A title may be broken over lines where it is long. */
const plain = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(['docs/operator-capabilities.md', 'docs/security.md', 'docs/upgrades.md'])(
  '%s',
  (page) => {
    test('every test that is named is there', () => {
      const lost = named(read(page)).filter(({ file }) => !existsSync(new URL(file, ROOT)));
      expect(lost).toEqual([]);
    });

    test('and has the title', () => {
      const other = named(read(page)).filter(
        ({ file, title }) => title !== undefined && !plain(read(file)).includes(title),
      );
      expect(other).toEqual([]);
    });
  },
);

test('each of the 40 checks has its line, with a test or what is missing', () => {
  const lines = CAPABILITIES.split('\n').flatMap((line) => /^\| (\d+) \|/.exec(line)?.[1] ?? []);
  const checks = lines.slice(-40).map(Number);
  expect(checks).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  const rows = CAPABILITIES.split('\n').filter((line) => /^\| \d+ \|/.test(line));
  for (const row of rows) expect(row).toMatch(/`test\/|not yet: /);
});
