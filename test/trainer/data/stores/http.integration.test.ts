// A store on a web server: what good ones serve, and what the others do.
import type { ServerResponse } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import {
  openStore,
  type StoreSettings,
  storeSettings,
} from '../../../../trainer/data/stores/index.ts';
import { storeCases } from '../../../cases/store.cases.ts';
import { directoryWith } from '../directories.ts';
import { type FileServer, type Spoiler, serveFiles, startFileServer } from '../file-server.ts';

const SETTINGS: StoreSettings = {
  ...storeSettings({}),
  patience: { idle: 300, tries: 3, pause: 1 },
};

const made: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const undo of made.reverse()) await undo();
});

describe('a web server', () => {
  storeCases(async (files) => {
    const { base, close } = await startFileServer(await directoryWith(files));
    made.push(close);
    return openStore(base, SETTINGS);
  });
});

describe('a server with troubles', () => {
  const whole = new Uint8Array(5000).map((_, i) => i);
  const spoilt = async (spoil: Spoiler): Promise<FileServer> =>
    serveFiles(await directoryWith({ 'a.tar': whole }), spoil);
  const answering = (status: number) => (response: ServerResponse) => {
    response.writeHead(status).end();
    return true;
  };
  /** The first answers are spoilt. */
  const atFirst = (times: number, spoil: (response: ServerResponse) => boolean): Spoiler => {
    let left = times;
    return (_, response) => left-- > 0 && spoil(response);
  };
  const cut = (response: ServerResponse) => {
    response.writeHead(206, { 'content-length': 100, 'content-range': 'bytes 0-99/5000' });
    response.write(whole.subarray(0, 50), () => response.destroy());
    return true;
  };
  const get = (base: string) =>
    openStore(base, SETTINGS).get('a.tar', { range: { from: 0, to: 100 } });

  test('that does not say how long a file is, is not taken for one of an empty file', async () => {
    const { base } = await spoilt((request, response) => {
      if (request.method !== 'HEAD') return false;
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end();
      return true;
    });
    await expect(openStore(base, SETTINGS).size('a.tar')).rejects.toThrow(
      /a\.tar: expected to be told how long the file is \(content-length\), got nothing/,
    );
  });

  test.each<[string, (response: ServerResponse) => boolean]>([
    ['is busy', answering(503)],
    ['asks for patience', answering(429)],
    ['hangs up in the middle', cut],
    ['says nothing', () => true],
  ])('that %s twice is asked three times', async (_, spoil) => {
    const { base, asked } = await spoilt(atFirst(2, spoil));
    expect(await get(base)).toEqual(whole.subarray(0, 100));
    expect(asked).toEqual(Array(3).fill('/a.tar bytes=0-99'));
  });

  test.each<[string, (response: ServerResponse) => boolean, RegExp]>([
    ['is busy', answering(503), /answered 503 Service Unavailable, 3 times\. Check address/],
    ['hangs up', cut, /a\.tar: .*, 3 times\./],
    ['says nothing', () => true, /no answer within 0\.3 s, 3 times/],
  ])('that always %s fails', async (_, spoil, message) => {
    const { base, asked } = await spoilt(atFirst(99, spoil));
    await expect(get(base)).rejects.toThrow(message);
    expect(asked).toHaveLength(3);
  });

  test.each<[string, (response: ServerResponse) => boolean, string, RegExp]>([
    ['forbids', answering(403), 'forbidden', /answered 403 Forbidden\. Check who may read there/],
    [
      'does not know the file',
      answering(404),
      'missing',
      /answered 404 Not Found\. Correct `path`/,
    ],
    [
      'takes no ranges',
      (response) => {
        response.end(whole);
        return true;
      },
      'unable',
      /expected bytes 0 to 100 alone \(status 206\), got the whole file \(status 200\)/,
    ],
    [
      'sends other bytes',
      (response) => {
        response
          .writeHead(206, { 'content-range': 'bytes 7-106/5000' })
          .end(whole.subarray(7, 107));
        return true;
      },
      'unable',
      /expected bytes 0 to 100, got "bytes 7-106\/5000"/,
    ],
  ])('that %s is asked once', async (_, spoil, fault, message) => {
    const { base, asked } = await spoilt(atFirst(99, spoil));
    const asking = get(base);
    await expect(asking).rejects.toMatchObject({ fault });
    await expect(asking).rejects.toThrow(message);
    expect(asked).toHaveLength(1);
  });

  test('sends fewer bytes than it said: never a short picture', async () => {
    const { base } = await spoilt(
      atFirst(99, (response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-99/5000' }).end(whole.subarray(0, 40));
        return true;
      }),
    );
    await expect(get(base)).rejects.toThrow(/expected 100 bytes, got 40, 3 times/);
  });

  test('that lists no folder says so', async () => {
    const { base } = await spoilt((_, response) => {
      response.setHeader('content-type', 'application/json').end('{}');
      return true;
    });
    await expect(openStore(base, SETTINGS).list('')).rejects.toThrow(
      /expected a page that lists the folder \(text\/html\), got application\/json/,
    );
  });

  test('that nobody runs is named', async () => {
    await expect(openStore('http://127.0.0.1:4/', SETTINGS).size('x')).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:4\/x: .*ECONNREFUSED.*3 times/,
    );
  });
});
