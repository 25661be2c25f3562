// The files of the page over HTTP: right types, sent as small as they go and only when they have changed.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPage } from '../../../cli/dashboard/page.ts';
import { serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeFolder } from '../../builders/run-directory.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(5_000))});\n`;
const FILES = {
  'index.html': '<!doctype html><script type="module" src="./page.js"></script>\n',
  'page.js': SCRIPT,
  'page.css': 'body { color: black; }\n',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'fonts/plain.woff2': 'a font',
};

async function servePage() {
  const folder = await makeFolder();
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return serveDashboard(await leaveNight(), { page: await readPage(folder) });
}

test.each([
  ['/', 'text/html; charset=utf-8', FILES['index.html']],
  ['/index.html', 'text/html; charset=utf-8', FILES['index.html']],
  ['/page.js', 'text/javascript; charset=utf-8', SCRIPT],
  ['/page.css', 'text/css; charset=utf-8', FILES['page.css']],
  ['/icon.svg', 'image/svg+xml', FILES['icon.svg']],
  ['/fonts/plain.woff2', 'font/woff2', 'a font'],
  ['/searches/default/night', 'text/html; charset=utf-8', FILES['index.html']],
])('%s is %s', async (path, type, text) => {
  const { get } = await servePage();
  const answer = await get(path);
  expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, type, text]);
  expect(answer.headers['cache-control']).toBe('no-cache');
});

test('what has not changed is not sent again', async () => {
  const { get } = await servePage();
  const { headers } = await get('/page.js');
  const again = await get('/page.js', { 'if-none-match': String(headers['etag']) });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('what is large is sent small, to each reader as it takes it', async () => {
  const { url } = await servePage();
  for (const [accepted, encoding, open] of [
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['identity', null, (bytes: Uint8Array) => bytes],
    ['br;q=0, gzip', 'gzip', gunzipSync],
  ] as const) {
    const { headers, bytes } = await raw(`${url}/page.js`, accepted);
    expect(headers['content-encoding'] ?? null).toBe(encoding);
    expect(Buffer.from(open(bytes)).toString()).toBe(SCRIPT);
    expect(headers['vary']).toBe('Accept-Encoding');
  }
});

/** As it is sent, which fetch does not show. */
async function raw(url: string, accepted: string) {
  const { request } = await import('node:http');
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; bytes: Buffer }>((resolve) => {
    request(url, { headers: { 'accept-encoding': accepted } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, bytes: Buffer.concat(chunks) });
    }).end();
  });
}

test('where the page has not been built, it is said how, and the data is there', async () => {
  const page = await readPage(join(await makeFolder(), 'nothing'));
  const { get } = await serveDashboard(await leaveNight(), { page });
  const { status, text } = await get('/');
  expect([status, text]).toEqual([404, expect.stringContaining('make dashboard')]);
  expect((await get('/api/searches')).status).toBe(200);
});
