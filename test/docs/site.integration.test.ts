// The site of the documentation as make docs builds it from this repository: whatever a reader can follow leads somewhere.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addressOf, buildSite, openRepository } from '../../scripts/docs-site/index.ts';
import {
  beyondTheSide,
  hasChromium,
  launchChromium,
  openPage,
  type Visit,
  violations,
} from '../builders/browser.ts';

/** Machines are busy. */
const PATIENT = { timeout: 20_000 };
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};
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

test('every link and every picture of every page is there, with its place on the page, and places have one name', () => {
  const ids = new Map(
    pages.map(([path, page]) => [path, [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)]),
  );
  for (const [path, named] of ids) expect(new Set(named).size, path).toBe(named.length);
  const targets = pages.flatMap(([path, page]) =>
    [...page.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, target = '']) => ({ path, target })),
  );
  expect(targets.length).toBeGreaterThan(5000);
  const broken = targets.filter(({ path, target }) => {
    if (/^https?:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    // From the root, as the page of what is not there has it.
    const below = file.startsWith('/') ? '.' : posix.dirname(path);
    const to = file === '' ? path : posix.join(below, file.replace(/^\//, ''));
    return !site.has(to) || (anchor !== undefined && !ids.get(to)?.includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every page of Markdown is in the navigation once, and the pages before and after follow it', () => {
  const [, index = ''] = pages.find(([path]) => path === 'index.html') ?? [];
  const [navigation = ''] = /<nav id="frame.pages"[\s\S]*?<\/nav>/.exec(index) ?? [];
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

describe.skipIf(!hasChromium)('in a browser, from the disk', () => {
  let browser: Browser;
  let root: string;
  beforeAll(async () => {
    browser = await launchChromium();
    root = await mkdtemp(join(tmpdir(), 'bionas-site-'));
    for (const [path, content] of site) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await rm(root, { recursive: true, force: true });
  });

  const at = (path: string) => pathToFileURL(join(root, path)).href;
  async function visit(path: string, asked: Visit = {}) {
    const { page, complaints } = await openPage(browser, at(path), asked);
    onTestFinished(() => page.close());
    return { page, complaints };
  }
  const SOME = ['index.html', 'docs/rules.html', 'examples/index.html'];
  const CODE = 'examples/asha.yaml.html';

  test.each([{ dark: true as const }, { width: 400 }])(
    'axe finds nothing against WCAG AA, with the list of pages and what is found open, with %j',
    async (how) => {
      const { page, complaints } = await visit('index.html', how);
      for (const path of [...SOME, CODE]) {
        await page.goto(at(path));
        expect(await violations(page), `axe on ${path}`).toEqual([]);
      }
      await page.getByRole('searchbox').fill('budget');
      await page.getByRole('status').filter({ hasText: 'places' }).waitFor();
      expect(await violations(page), 'axe on what is found').toEqual([]);
      await page.keyboard.press('Escape');
      if (how.width !== undefined) await page.getByRole('button', { name: 'Pages' }).click();
      expect(await violations(page), 'axe on the navigation').toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  test('no page is wider than a phone, asks for anything elsewhere, or breaks its policy', async () => {
    const { page, complaints } = await visit('index.html', { width: 400 });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    // Decisions are plain text.
    for (const source of repository.pages.filter((path) => !path.includes('/adr/0'))) {
      const path = addressOf(source, 'page');
      await page.goto(at(path), { waitUntil: 'domcontentloaded' });
      expect(await beyondTheSide(page), path).toBe(0);
    }
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('the search is a key away, and leads by the keyboard to what it finds', async () => {
    const { page } = await visit('docs/fields.html');
    await page.keyboard.press('/');
    await page.keyboard.type('Kolen-Pollack');
    const results = page.locator('.results a');
    const found = `${at('docs/rules.html')}#kp-kolen-pollack`;
    await expect.poll(() => results.first().getAttribute('href'), PATIENT).toBe(found);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const second = await results.nth(1).getAttribute('href');
    await page.keyboard.press('Enter');
    await page.waitForURL(second ?? '');
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  test('colours are remembered from page to page', async () => {
    const { page } = await visit('index.html');
    const card = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await card();
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    const dark = await card();
    expect(dark).not.toBe(light);
    await page.goto(at('docs/data.html'));
    expect(await card()).toBe(dark);
  });

  test('code is copied; of a session only the commands', async () => {
    const { page } = await visit('index.html');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe(await page.locator('.code code').first().textContent());
  });

  test('beside the text is marked which part of it one reads', async () => {
    const { page } = await visit('docs/fields.html');
    const marked = page.locator('.places [aria-current]');
    expect(await marked.count()).toBe(0);
    await page.goto(`${at('docs/fields.html')}#bionassearch-spectraining`);
    await expect
      .poll(() => marked.allInnerTexts(), PATIENT)
      .toEqual(['BioNASSearch: spec.training']);
  });

  test('a server shows the same, and at any address that a page is not there', async () => {
    const { page, complaints } = await visit('index.html');
    await page.route('http://site.test/**', (route) => {
      const path = new URL(route.request().url()).pathname.slice(1);
      const body = site.get(path) ?? site.get('404.html') ?? '';
      return route.fulfill({ body, contentType: TYPES[posix.extname(path)] ?? 'text/html' });
    });
    await page.goto('http://site.test/docs/gone/away.html');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await page.getByRole('searchbox').fill('quickstart');
    await page.locator('.results a').first().click();
    await page.waitForURL('http://site.test/docs/quickstart.html#quickstart');
    await page.getByRole('heading', { level: 1, name: 'Quickstart' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('without scripts all of it can be read, and the list of pages opens on a phone', async () => {
    const page = await browser.newPage({
      javaScriptEnabled: false,
      viewport: { width: 400, height: 900 },
    });
    onTestFinished(() => page.close());
    await page.goto(at('docs/algorithms.html'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Pages' }).click();
    await page
      .getByRole('navigation', { name: 'Pages', exact: true })
      .getByRole('link', { name: 'Supernets' })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Supernets' }).waitFor();
    expect(await page.getByRole('searchbox').count()).toBe(0);
  });
});
