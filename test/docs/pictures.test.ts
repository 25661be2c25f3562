// Pictures of the pages say what they show to those who do not see them, and drawings follow the reader's light or dark.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pages = ['*.md', 'docs/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
const drawings = globSync('docs/images/*.svg', { cwd: ROOT }).toSorted();

test('every picture of a page has a text in its place', () => {
  const pictures = pages.flatMap((page) =>
    [...read(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, text = '', path = '']) => ({
      page,
      path,
      text,
    })),
  );
  expect(pictures.length).toBeGreaterThan(10);
  expect(pictures.filter(({ text }) => text.trim().length < 20)).toEqual([]);
});

test.each(drawings)('%s has a name, and a dark side', (path) => {
  const drawing = read(path);
  expect(drawing).toMatch(/^<svg [^>]*role="img" aria-label(ledby)?="[^"]+"/);
  expect(drawing).toContain('@media (prefers-color-scheme: dark)');
  expect(drawing).toContain('class="card"');
});
