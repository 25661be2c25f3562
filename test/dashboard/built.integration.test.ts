// What is committed in dashboard/dist is what the sources build, and small enough to load anywhere.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../builders/run-directory.ts';

const ROOT = join(import.meta.dirname, '../../dashboard');
const DIST = join(ROOT, 'dist');
const VITE = join(ROOT, '../node_modules/vite/bin/vite.js');
const run = promisify(execFile);

test('dashboard/dist is built of the sources: run make dashboard and commit it', async () => {
  const outDir = await makeFolder();
  // As a process of its own: vitest's environment is not that of a build.
  const options = ['--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'];
  await run(process.execPath, [VITE, 'build', ROOT, ...options], {
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  });
  const names = (await readdir(outDir)).toSorted();
  expect((await readdir(DIST)).toSorted()).toEqual(names);
  for (const name of names) {
    const [built, committed] = [
      await readFile(join(outDir, name)),
      await readFile(join(DIST, name)),
    ];
    expect(built.equals(committed), name).toBe(true);
  }
}, 60_000);

let files: Map<string, string>;
beforeAll(async () => {
  const names = await readdir(DIST);
  files = new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(DIST, name), 'utf8')] as const),
    ),
  );
});

test('script, style and document are less than 80 KB together as they are sent', () => {
  const sent = ['index.html', 'page.js', 'page.css'].map(
    (name) => gzipSync(files.get(name) ?? '').length,
  );
  expect(sent.reduce((sum, size) => sum + size, 0)).toBeLessThan(80_000);
});

test('nothing is loaded from elsewhere, and nothing needs a policy that allows what is inline', () => {
  const document = files.get('index.html') ?? '';
  expect(document).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
  const loaded = [...document.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
  expect(loaded.toSorted()).toEqual(['./icon.svg', './page.css', './page.js']);
  expect(files.get('page.css')).not.toMatch(/@import|url\((?!['"]?#)/);
  expect(files.get('page.js')).not.toMatch(/\beval\(|new Function\(/);
});

test('the licences of what is built in go along', () => {
  for (const name of ['preact', 'uplot', '@dagrejs/dagre'])
    expect(files.get('licenses.txt')).toContain(name);
});
