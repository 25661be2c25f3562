// The files of the page, as Vite has built them into dashboard/dist: read once, served from memory.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'hono';
import { Body, sendBody } from './answers.ts';

export interface PageFile {
  readonly body: Body;
  readonly type: string;
  readonly etag: string;
}

/** By path, `/index.html`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Empty where the folder is not there. */
export async function readPage(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }): Promise<[string, PageFile]> => {
    const path = join(parentPath, name);
    const bytes = await readFile(path);
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    return [url, { body: new Body(bytes), type, etag: `"${hash}"` }];
  });
  return new Map(await Promise.all(read));
}

const INDEX = '/index.html';

/** A path without a file of its own is one that the page itself reads. */
export async function sendPage(context: Context, files: PageFiles): Promise<Response> {
  const { path } = context.req;
  const file = files.get(path) ?? (extname(path) === '' ? files.get(INDEX) : undefined);
  if (file === undefined) return context.text(missing(files), 404);
  // Asked for anew each time, and sent only where it has changed: the names of the files stay.
  const headers = { ETag: file.etag, 'Cache-Control': 'no-cache' };
  if (context.req.header('If-None-Match') === file.etag) return context.body(null, 304, headers);
  return sendBody(context, file.body, { ...headers, 'Content-Type': file.type });
}

const missing = (files: PageFiles): string =>
  files.size === 0
    ? 'The page of the dashboard has not been built: expected its files in dashboard/dist (make dashboard). The data is under /api/searches.\n'
    : 'There is no such file of the page.\n';
