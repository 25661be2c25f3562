// Who comes into NATS as a trainer and who does not, by a real API server's word on real tokens; for how long; and what of it
// outlives the operator. No token is ever said.
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NatsGaveUpError, openNats } from '../../../trainer/nats/index.ts';
import { makeResult } from '../../builders/objects.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { TEMPLATE } from '../search/search-room.ts';
import { type Access, listens, TrainerWorld } from './trainer-world.ts';

const TTL_MS = 3_000;

let world: TrainerWorld;
let own: Access;
let sibling: Access;

beforeAll(async () => {
  world = await TrainerWorld.start({ ttl: `${TTL_MS / 1000}s` });
  const pods = await world.search('night', 2);
  const accesses = await Promise.all(pods.map((pod) => world.accessOf(pod)));
  [own, sibling] = accesses as [Access, Access];
});
afterAll(() => world?.stop());

/** Why the last one was refused. */
const reasonOf = async (attempt: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = await world.counts();
  await expect(attempt()).rejects.toThrow('Authorization Violation');
  const after = await world.counts();
  return Object.keys(after).filter((reason) => after[reason] !== before[reason]);
};

/** A Pod as a tenant makes it. */
async function makePod(name: string, owner?: object): Promise<string> {
  const ownerReferences = owner === undefined ? [] : [{ controller: true, ...owner }];
  const metadata = { name, ownerReferences };
  await world.room.kubectl(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { ...TEMPLATE.spec, containers: [{ name: 'trainer', image: 'trainer' }] },
  });
  return name;
}

/** The token with other claims, signed by the cluster's own key. */
function resigned(token: string, change: Readonly<Record<string, unknown>>): string {
  const [header = '', claims = ''] = token.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
  const text = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
  const file = join(dirname(sharedCluster().kubeconfig), 'service-accounts.key');
  const key = { key: createPrivateKey(readFileSync(file)), dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

const seconds = (ago: number): number => Math.floor(Date.now() / 1000) - ago;
const TRIAL = { apiVersion: 'bionas.dev/v1alpha1', kind: 'Trial' };
const trialOf = ({ pod }: Access): string => pod.replace(/-0$/, '');

test('the Pod of a trial comes in', async () => {
  const before = (await world.counts())['granted'] ?? 0;
  const connection = await world.connect(own.token, own.trial);
  await connection.flush();
  expect((await world.counts())['granted']).toBe(before + 1);
  expect(await world.connect(resigned(own.token, {}), own.trial)).toBeDefined();
});

describe('refused, with its reason:', () => {
  test.each<[string, string, () => Promise<NatsConnection> | NatsConnection]>([
    ['nobody in particular', 'no-token', () => world.connect('')],
    [
      'a password',
      'no-token',
      () => world.connect('', 'x', { token: undefined, user: 'bionas', pass: 'x' }),
    ],
    ['a token that is none', 'token', () => world.connect('eyJhbGciOiJub25lIn0.e30.')],
    [
      'a token for another audience',
      'token',
      async () => world.connect(await world.tokenOf(own.pod, 'other')),
    ],
    [
      "the token that opens the API server's door",
      'token',
      async () => world.connect(await world.tokenOf(own.pod, 'https://kubernetes.default.svc')),
    ],
    [
      'a token that has expired',
      'token',
      () =>
        world.connect(
          resigned(own.token, { iat: seconds(900), nbf: seconds(900), exp: seconds(60) }),
        ),
    ],
    [
      'a token that somebody has changed',
      'token',
      () => world.connect(`${own.token.slice(0, -8)}AAAAAAAA`),
    ],
    ['a token of no Pod', 'no-pod', async () => world.connect(await world.tokenOf())],
    [
      'a Pod without a Trial',
      'no-trial',
      async () => world.connect(await world.tokenOf(await makePod('alone'))),
    ],
    [
      'a Pod that says it is of a Trial',
      'other-pod',
      async () => {
        const owner = { ...TRIAL, name: trialOf(own), uid: own.trial };
        return world.connect(await world.tokenOf(await makePod('forged', owner)));
      },
    ],
    [
      'a Pod under the name of an attempt to come',
      'other-pod',
      async () => {
        const owner = { ...TRIAL, name: trialOf(own), uid: own.trial };
        return world.connect(await world.tokenOf(await makePod(`${trialOf(own)}-1`, owner)));
      },
    ],
  ])('%s', async (_, reason, attempt) => {
    expect(await reasonOf(async () => attempt())).toEqual([reason]);
  });
});

test('a trainer stays in beyond its time by presenting itself anew, and reports all the while', async () => {
  const before = (await world.counts())['granted'] ?? 0;
  const connection = await world.connect(own.token, own.trial, {
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    ignoreAuthErrorAbort: true,
  });
  const until = Date.now() + 2.5 * TTL_MS;
  let sent = 0;
  while (Date.now() < until) {
    const progress = { epoch: 1, epochs: 2, step: 0, steps: 1 };
    const report = {
      trial: own.trial,
      attempt: 0,
      sequence: sent,
      body: { kind: 'progress', progress },
    };
    connection.publish(`${own.subject}.progress`, JSON.stringify(report));
    await connection.flush().catch(() => connection.flush());
    sent += 1;
  }
  expect((await world.counts())['granted']).toBeGreaterThan(before + 2);
});

describe('the operator is killed:', () => {
  test('who is in stays in, and reports', async () => {
    const connection = await world.connect(sibling.token, sibling.trial);
    await world.operator.kill();
    const failure = { kind: 'failure', reason: 'TrainerFailed', message: 'meanwhile' } as const;
    const report = { trial: sibling.trial, attempt: 0, sequence: 0, body: failure };
    await jetstream(connection).publish(`${sibling.subject}.failure`, JSON.stringify(report));
  });

  test('newcomers wait, or are let in by another replica, though it does not lead', async () => {
    await expect(world.connect(own.token, own.trial, { timeout: 1_000 })).rejects.toThrow();
    await using standby = await world.standby();
    await listens(standby);
    await world.connect(own.token, own.trial);
  });

  test('back again, it lets them in, and reads what was reported meanwhile', async () => {
    await world.operator.restart();
    await listens(world.operator, 2);
    await world.connect(own.token, own.trial);
    await eventually(async () => {
      const trials = await world.room.trials();
      const { status } = trials.find(({ metadata }) => metadata.uid === sibling.trial) ?? {};
      expect(status?.failure?.message).toBe('meanwhile');
    });
  });
});

test('when its trial has ended, a trainer is put out within its time and not let in again', async () => {
  const connection = await world.connect(own.token, own.trial);
  const body = { kind: 'result', result: makeResult() } as const;
  const report = { trial: own.trial, attempt: 0, sequence: 1, body };
  await jetstream(connection).publish(`${own.subject}.result`, JSON.stringify(report));
  const began = Date.now();
  const why = await connection.closed();
  expect(Date.now() - began).toBeLessThan(TTL_MS + 2_000);
  expect(String(why)).toMatch(/expired/i);
  await eventually(async () => {
    const { status } = await world.room.search('night');
    expect(status?.trials.succeeded).toBe(1);
  });
  expect(await reasonOf(() => world.connect(own.token, own.trial))).toEqual(['trial-ended']);
});

test('a Pod that is gone has no token any more', async () => {
  await world.room.kubectl(['delete', 'pod', sibling.pod, '--now']);
  await eventually(async () => {
    const reasons = await reasonOf(() => world.connect(sibling.token, sibling.trial));
    expect(['token', 'pod-unknown']).toContain(reasons[0]);
  });
});

test('a trainer that is refused goes on trying, and says once what to look at', async () => {
  const log: string[] = [];
  const stop = new AbortController();
  const { bus } = openNats({
    url: world.url,
    tokenFile: await world.fileOf(await world.tokenOf()),
    subject: own.subject,
    attempt: 0,
    log: (line) => void log.push(line),
    signal: stop.signal,
    patienceMs: 4_000,
  });
  const body = { kind: 'failure', reason: 'TrainerFailed', message: 'unheard' } as const;
  const report = { trial: own.trial, attempt: 0, sequence: 9, body };
  await expect(bus.send(report)).rejects.toThrow(NatsGaveUpError);
  const said = log.filter((line) => line.includes('does not let this trainer in'));
  expect(said).toHaveLength(1);
});

test('neither tokens nor keys are ever in the log', () => {
  expect(world.operator.log).toContain('Refused to let in');
  expect(world.operator.log).not.toMatch(/eyJ[\w-]{10}/);
  expect(world.operator.log).not.toMatch(/S[AUX][A-Z2-7]{30}/);
});
