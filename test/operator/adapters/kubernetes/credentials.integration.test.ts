// Who asks: tokens of an exec plugin, how they are renewed, and plugins that fail or hang.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CredentialsError } from '../../../../operator/adapters/kubernetes/index.ts';
import { DeadlineExceededError } from '../../../../operator/runtime/index.ts';
import { GADGET, gadget } from '../../../cases/object-client.cases.ts';
import {
  type Act,
  answers,
  hastyClock,
  refuses,
  type ScriptedServer,
  scriptedServer,
} from './scripted-server.ts';

const KEY = { namespace: 'lab', name: 'a' };
const LIVE = {
  ...gadget('a', 'lab'),
  metadata: { name: 'a', namespace: 'lab', uid: 'u', resourceVersion: '7' },
};

let directory: string;
let server: ScriptedServer | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** A plugin whose token is that of the file `token`; it notes each run. */
async function plugin(program: string, lifeMs: number) {
  const script = join(directory, 'plugin.cjs');
  const [token, runs] = [join(directory, 'token'), join(directory, 'runs')];
  await writeFile(token, 'first');
  await writeFile(
    script,
    `const { appendFileSync, readFileSync } = require('node:fs');
    appendFileSync(${JSON.stringify(runs)}, 'x');
    const token = readFileSync(${JSON.stringify(token)}, 'utf8');
    const expirationTimestamp = new Date(Date.now() + ${lifeMs}).toISOString();
    const status = { token, expirationTimestamp };
    ${program}`,
  );
  return {
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [script],
      },
    },
    become: (text: string) => writeFile(token, text),
    runs: async () => (await readFile(runs, 'utf8')).length,
  };
}

const PRINTS = 'console.log(JSON.stringify({ status }));';
const tokens = () => server?.received.map(({ headers }) => headers.authorization);

test('a plugin is asked once while its token lives', async () => {
  const { user, runs } = await plugin(PRINTS, 60_000);
  const clock = hastyClock(1000);
  server = await scriptedServer([answers(200, LIVE)], { user, clock, deadlineMs: 10_000_000 });
  for (let i = 0; i < 3; i += 1) await server.clients.of(GADGET).get(KEY);
  // Longer than credentials are taken at their word.
  await clock.sleep(15_000);
  await server.clients.of(GADGET).get(KEY);
  expect(tokens()).toEqual(Array(4).fill('Bearer first'));
  expect(await runs()).toBe(1);
});

test('a token that the server refuses is renewed, and the call does not notice', async () => {
  const { user, become } = await plugin(PRINTS, 0);
  const knows: Act = (response, request) => {
    const isKnown = request.headers.authorization === 'Bearer second';
    const act = isKnown ? answers(200, LIVE) : refuses(401, 'Unauthorized', 'Unauthorized');
    act(response, request);
  };
  const passes: Act = (response, request) =>
    (server?.received.length === 1 ? answers(200, LIVE) : knows)(response, request);
  server = await scriptedServer([passes], { user });
  const client = server.clients.of(GADGET);
  await client.get(KEY);
  await become('second');
  await client.patch(KEY, {});
  expect(tokens()).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
});

test.each([
  [
    'fails',
    "console.error('log in first'); process.exitCode = 1;",
    CredentialsError,
    /log in first/,
  ],
  ['says nonsense', "console.log('hello');", CredentialsError, /cannot be had/],
  ['hangs', 'setTimeout(() => {}, 3000);', DeadlineExceededError, /GET .* not done within 1000 ms/],
])('a plugin that %s fails the call and sends nothing', async (_, program, type, words) => {
  const { user } = await plugin(program, 0);
  server = await scriptedServer([answers(200, LIVE)], {
    user,
    deadlineMs: type === CredentialsError ? 60_000 : 1000,
  });
  const failure = await server.clients
    .of(GADGET)
    .get(KEY)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(type);
  expect((failure as Error).message).toMatch(words);
  expect(server.received).toEqual([]);
});
