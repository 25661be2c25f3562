// A web server on 127.0.0.1 that serves a directory as others do: files by range, folders as pages of links. What it answers may be spoilt.
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Answers in the server's place when it gives true. */
export type Spoiler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FileServer {
  readonly base: string;
  /** Paths with their ranges, in order. */
  readonly asked: string[];
}

/** Runs until the test's end. */
export async function serveFiles(directory: string, spoil?: Spoiler): Promise<FileServer> {
  const { close, ...server } = await startFileServer(directory, spoil);
  onTestFinished(close);
  return server;
}

export async function startFileServer(
  directory: string,
  spoil: Spoiler = () => false,
): Promise<FileServer & { close(): Promise<void> }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    if (!spoil(request, response)) void answer(directory, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(directory: string, request: IncomingMessage, response: ServerResponse) {
  const path = join(directory, decodeURIComponent(request.url ?? '/'));
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined) return void response.writeHead(404).end('not here');
  if (entry.isDirectory())
    return void response.setHeader('content-type', 'text/html').end(await pageOf(path));
  const bytes = await readFile(path);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) return void response.setHeader('content-length', bytes.length).end(bytes);
  if (Number(from) >= bytes.length)
    return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  const part = bytes.subarray(Number(from), Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': part.length }).end(part);
}

/** As nginx writes it: the way up, folders with a slash, files. */
async function pageOf(path: string): Promise<string> {
  const entries = (await readdir(path)).map(async (entry) => {
    const isFolder = (await stat(join(path, entry))).isDirectory();
    const name = encodeURIComponent(entry) + (isFolder ? '/' : '');
    return `<a href="${name}">${name}</a>   30-Nov-2026`;
  });
  const links = await Promise.all(entries);
  return `<html><body><a href="../">../</a>\n<a href="?C=N&amp;O=D">Name</a>\n${links.join('\n')}</body></html>`;
}
