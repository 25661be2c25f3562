// A web server on 127.0.0.1 that answers, refuses, lies or stalls, and a made-up data set that it serves.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CatalogEntry } from '../../../trainer/data/index.ts';
import { type Checksum, httpFiles } from '../../../trainer/data/sources/index.ts';

export type Answer = (response: ServerResponse) => void;

export const serving =
  (bytes: Uint8Array): Answer =>
  (response) =>
    response.setHeader('content-length', bytes.length).end(bytes);

export const refusing: Answer = (response) => response.writeHead(404).end('no such file');

/** Never says a word. */
export const silent: Answer = () => {};

/** Sends the first half and then nothing. */
export const stalling =
  (bytes: Uint8Array): Answer =>
  (response) => {
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, bytes.length / 2));
  };

/** Sends the first half and hangs up. */
export const hangingUp =
  (bytes: Uint8Array): Answer =>
  (response) => {
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };

export interface DatasetServer {
  readonly base: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** `answers` maps a file's name to what happens when it is asked for. */
export async function startServer(
  answers: Readonly<Record<string, Answer>>,
): Promise<DatasetServer> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    asked.push(name);
    (answers[name] ?? refusing)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function digest(bytes: Uint8Array, algorithm: Checksum['algorithm'] = 'md5'): Checksum {
  return { algorithm, value: createHash(algorithm).update(bytes).digest('hex') };
}

/** Two small files that stand for a data set. */
export const FILES = {
  'pictures.bin': new Uint8Array(20_000).map((_, i) => i % 251),
  'labels.bin': new Uint8Array(300).map((_, i) => i % 10),
};

/** An entry over FILES whose sources are the servers given, in that order. */
export function makeEntry(
  ...bases: readonly string[]
): Pick<CatalogEntry, 'name' | 'files' | 'sources'> {
  const files = Object.entries(FILES);
  return {
    name: 'mnist',
    files: files.map(([name, bytes]) => ({ name, bytes: bytes.length, packable: false })),
    sources: bases.map((base) =>
      httpFiles({ base, files: files.map(([name, bytes]) => ({ name, checksum: digest(bytes) })) }),
    ),
  };
}
