// Auth callout between a real nats-server and a judge that the test plays: what is asked, what becomes of each answer, and what
// happens where there is none.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';
import {
  AuthCallout,
  type AuthCalloutOptions,
  type CalloutKeys,
  makeKeys,
  readSeed,
  serverConfiguration,
  TRAINERS,
} from '../../../../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../../../../operator/runtime/index.ts';
import { eventually } from '../../../runtime/eventually.ts';
import { linkTo, startServer } from '../nats-world.ts';

const GRANT = {
  trainer: { namespace: 'lab', search: 'night', searchUid: 's-1', trial: 't-1' },
  name: 'lab/night-0-0',
};

async function filesOf(keys: CalloutKeys) {
  const folder = await mkdtemp(join(tmpdir(), 'bionas-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const fileOf = async (name: keyof CalloutKeys) => {
    await writeFile(join(folder, name), `${keys[name].seed}\n`);
    return join(folder, name);
  };
  return {
    operator: await fileOf('operator'),
    issuer: await fileOf('issuer'),
    xkey: await fileOf('xkey'),
  };
}

/** A server with these keys, and a callout that judges as told; `own`: the keys that it has instead of those of the server. */
async function world(
  judge: AuthCalloutOptions['judge'],
  options: Partial<AuthCalloutOptions> & { own?: Partial<CalloutKeys>; sealed?: boolean } = {},
) {
  const keys = makeKeys();
  const { own = {}, sealed = true, ...more } = options;
  const files = await filesOf({ ...keys, ...own });
  // Nobody waits long for an answer that does not come.
  const configuration = serverConfiguration(keys).replace('timeout: 5', 'timeout: 2');
  const server = await startServer(configuration);
  const nkeyFile = (await filesOf(keys)).operator;
  const link = await linkTo(server, { nkeyFile });
  const refused: string[] = [];
  const said: unknown[] = [];
  const stop = new AbortController();
  const listens = Promise.withResolvers<void>();
  const callout = new AuthCallout({
    link,
    keys: {
      issuer: readSeed(files.issuer, 'issuer'),
      ...(sealed ? { xkey: readSeed(files.xkey, 'xkey') } : {}),
    },
    account: TRAINERS,
    ttlMs: 60_000,
    ready: async () => {},
    judge,
    clock: systemClock,
    logger: {
      ...silentLogger,
      info: () => listens.resolve(),
      error: (message, fields) => void said.push(message, fields),
    },
    metrics: {
      count: (_, labels) => void (labels?.['reason'] && refused.push(labels['reason'])),
      gauge() {},
      observe() {},
    },
    ...more,
  });
  const running = callout.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  const come = async (token = 'a token', extra = {}): Promise<NatsConnection> => {
    const settings = { servers: server.url, token, reconnect: false, inboxPrefix: '_INBOX_t-1' };
    const connection = await connect({ ...settings, timeout: 7_000, ...extra });
    onTestFinished(() => connection.close());
    return connection;
  };
  if (more.ready === undefined) await listens.promise;
  return { server, come, refused, said };
}

test('the judge is asked with the token, and whom it names comes into the account of trainers', async () => {
  const asked: string[] = [];
  const { come } = await world(async (token) => {
    asked.push(token);
    return GRANT;
  });
  const connection = await come('the token');
  expect(asked.at(-1)).toBe('the token');
  const answer = await connection.request(
    '$JS.API.DIRECT.GET.OBJ_bionas_s-1.$O.bionas_s-1.C.t-1.x',
  );
  // Of the bucket, which is there by now, but holds nothing yet.
  expect(answer.headers?.code).toBe(404);
});

test('whom it refuses does not, and the reason is counted and said', async () => {
  const { come, refused, said } = await world(async () => ({
    refused: 'no-pod',
    why: 'of no Pod',
  }));
  await expect(come()).rejects.toThrow('Authorization Violation');
  expect(refused).toContain('no-pod');
  expect(JSON.stringify(said)).toContain('of no Pod');
  expect(JSON.stringify(said)).not.toContain('a token');
});

test('a judge that cannot say refuses for now', async () => {
  let isAway = true;
  const { come, refused } = await world(async () => {
    if (isAway) throw new Error('no API server');
    return GRANT;
  });
  await expect(come()).rejects.toThrow('Authorization Violation');
  expect(refused).toContain('unavailable');
  isAway = false;
  await come();
});

test('more at once than it may take are refused, and come in later', async () => {
  const slow = Promise.withResolvers<void>();
  let waiting = 0;
  const judge = async () => {
    waiting += 1;
    await slow.promise;
    return GRANT;
  };
  const { come, refused } = await world(judge, { limit: 2 });
  const first = [come(), come()];
  await eventually(() => expect(waiting).toBe(2));
  await expect(come()).rejects.toThrow('Authorization Violation');
  expect(refused).toEqual(['busy']);
  slow.resolve();
  await Promise.all(first);
  await come();
});

test('it is back when the server is', async () => {
  const { server, come } = await world(async () => GRANT);
  await come();
  await server.restart();
  await eventually(() => come());
});

test('nobody comes in before it is ready, nor by the word of another issuer', async () => {
  const ready = Promise.withResolvers<void>();
  const one = await world(async () => GRANT, { ready: () => ready.promise });
  await expect(one.come('a token', { timeout: 500 })).rejects.toThrow();
  ready.resolve();
  await eventually(() => one.come());
  const two = await world(async () => GRANT, { own: { issuer: makeKeys().issuer } });
  await expect(two.come()).rejects.toThrow('Authorization Violation');
});

test.each([
  ['of another xkey', { own: { xkey: makeKeys().xkey } }, 'it is sealed for another xkey'],
  ['without one', { sealed: false }, '--nats-auth-xkey is not given'],
])('an operator %s cannot read what it is asked, and says so', async (_, options, why) => {
  const { come, refused, said } = await world(async () => GRANT, options);
  await expect(come('a token', { timeout: 500 })).rejects.toThrow();
  await eventually(() => expect(refused).toContain('malformed'));
  expect(JSON.stringify(said)).toContain(why);
});

test.each([
  ['missing', undefined, /cannot be read: ENOENT/],
  [
    'of another kind',
    'SUAMK2FG4MI6UE3ACF3FK3OIQBCEIEZV7NSWFFEW63UXMRLFM2XLAXK4GY',
    /found something else/,
  ],
  ['broken', 'SAbroken', /found a broken one/],
])('a seed that is %s is named, and not shown', async (_, text, why) => {
  const files = await filesOf(makeKeys());
  if (text === undefined) await rm(files.issuer);
  else await writeFile(files.issuer, text);
  const read = () => readSeed(files.issuer, 'issuer');
  expect(read).toThrow(why);
  expect(read).toThrow(`${files.issuer}: expected a seed SA...`);
  if (text !== undefined) expect(read).not.toThrow(text);
});
