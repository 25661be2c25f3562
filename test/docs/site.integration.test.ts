// The site of the documentation as make docs builds it from this repository: whatever a reader can follow leads somewhere.
import { posix, resolve } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';
import { buildSite, openRepository } from '../../scripts/docs-site/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const repository = openRepository(ROOT);
let site: Map<string, string | Buffer>;
let pages: [string, string][];

beforeAll(async () => {
  site = await buildSite(repository);
  pages = [...site].flatMap(([path, content]) =>
    path.endsWith('.html') ? [[path, String(content)] as [string, string]] : [],
  );
});

test('every link and every picture of every page is there, with its place on the page', () => {
  const ids = new Map(
    pages.map(([path, page]) => [path, [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)]),
  );
  const targets = pages.flatMap(([path, page]) =>
    [...page.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, target = '']) => ({ path, target })),
  );
  expect(targets.length).toBeGreaterThan(5000);
  const broken = targets.filter(({ path, target }) => {
    if (/^https?:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    return !site.has(to) || (anchor !== undefined && !ids.get(to)?.includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every page of Markdown is in the navigation once, and the pages before and after follow it', () => {
  const [, index = ''] = pages.find(([path]) => path === 'index.html') ?? [];
  const [navigation = ''] = /<nav id="navigation"[\s\S]*?<\/nav>/.exec(index) ?? [];
  const linked = [...navigation.matchAll(/href="([^"]*)"/g)].map(([, target]) => target);
  expect(linked).toHaveLength(repository.pages.length);
  expect(new Set(linked).size).toBe(linked.length);
  linked.forEach((address = '', k) => {
    const page = String(site.get(address));
    const next = /class="next" rel="next" href="([^"]*)"/.exec(page)?.[1];
    const to = next === undefined ? undefined : posix.join(posix.dirname(address), next);
    expect(to).toBe(linked[k + 1]);
  });
});

describe('without', () => {
  test.each([
    [
      'styles or scripts that a strict policy forbids',
      /<style|\sstyle="|\son\w+="|<script(?! src=)/,
    ],
    ['anything from elsewhere', /<(?:img|script|link|iframe)[^>]*(?:src|href)="(?:https?:)?\/\//],
    ['links to Markdown', /href="(?!https?:)[^"]*\.md[#"]/],
  ])('%s', (_, pattern) => {
    expect(pages.filter(([, page]) => pattern.test(page)).map(([path]) => path)).toEqual([]);
  });
});

test('the same pages give the same bytes', async () => {
  const again = await buildSite(repository);
  expect([...again.keys()]).toEqual([...site.keys()]);
  for (const [path, content] of again) expect(content, path).toEqual(site.get(path));
});
