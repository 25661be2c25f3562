// Calls against a scripted server: what goes out, and what each answer means.
import { afterEach, describe, expect, test } from 'vitest';
import {
  MalformedAnswerError,
  ServerFailureError,
  UnauthorizedError,
} from '../../../../operator/adapters/kubernetes/index.ts';
import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  GoneError,
  InvalidError,
  NotFoundError,
  type ObjectKind,
} from '../../../../operator/runtime/index.ts';
import { GADGET, gadget } from '../../../cases/object-client.cases.ts';
import {
  answers,
  cuts,
  refuses,
  type ScriptedServer,
  scriptedServer,
  status,
} from './scripted-server.ts';

const KEY = { namespace: 'lab', name: 'a' };
const PATH = '/apis/test.bionas.dev/v1/namespaces/lab/gadgets';
const LIVE = {
  ...gadget('a', 'lab'),
  metadata: { name: 'a', namespace: 'lab', uid: 'u', resourceVersion: '7', managedFields: [{}] },
};

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function serve(...[acts, options]: Parameters<typeof scriptedServer>) {
  server = await scriptedServer(acts, options);
  return { ...server, server, client: server.clients.of(GADGET) };
}

describe('a request', () => {
  const calls = {
    get: (c) => c.get(KEY),
    create: (c) => c.create(gadget('a', 'lab')),
    patch: (c) => c.patch(KEY, { spec: { size: 2, note: null } }, { uid: 'u' }),
    patchStatus: (c) => c.patchStatus(KEY, { seen: 1 }, { resourceVersion: '7' }),
    delete: (c) => c.delete(KEY, { uid: 'u', propagation: 'Orphan', gracePeriodSeconds: 0 }),
  } satisfies Record<string, (client: ReturnType<ScriptedServer['clients']['of']>) => unknown>;

  test.each([
    ['get', `GET ${PATH}/a`, ''],
    ['create', `POST ${PATH}`, { spec: { size: 1 } }],
    ['patch', `PATCH ${PATH}/a`, { spec: { size: 2, note: null }, metadata: { uid: 'u' } }],
    [
      'patchStatus',
      `PATCH ${PATH}/a/status`,
      { status: { seen: 1 }, metadata: { resourceVersion: '7' } },
    ],
    [
      'delete',
      `DELETE ${PATH}/a`,
      { preconditions: { uid: 'u' }, propagationPolicy: 'Orphan', gracePeriodSeconds: 0 },
    ],
  ] as const)('%s asks for %s', async (verb, line, body) => {
    const { clients, received, asked } = await serve([answers(200, LIVE)]);
    await calls[verb](clients.of(GADGET as ObjectKind));
    expect(asked()).toEqual([line]);
    const [request] = received;
    expect(request?.headers['user-agent']).toBe('bionas-operator/1.2.3');
    if (body === '') return;
    expect(JSON.parse(request?.body ?? '')).toMatchObject(body);
    const isPatch = verb.startsWith('patch');
    expect(request?.headers['content-type']).toBe(
      isPatch ? 'application/merge-patch+json' : 'application/json',
    );
    const manager = verb === 'delete' ? null : 'bionas-operator';
    expect(request?.url.searchParams.get('fieldManager')).toBe(manager);
  });

  test.each([
    ['the core group', { apiVersion: 'v1', plural: 'pods' }, '/api/v1/namespaces/lab/pods/a'],
    ['a group', { apiVersion: 'g/v1', plural: 'things' }, '/apis/g/v1/namespaces/lab/things/a'],
  ])('for %s goes to its root', async (_, kind, path) => {
    const { clients, asked } = await serve([answers(200, LIVE)]);
    await clients.of({ kind: 'Any', namespaced: true, ...kind }).get(KEY);
    expect(asked()).toEqual([`GET ${path}`]);
  });

  test.each(['', '.', '..', 'a/b', '%2e%2e'])("never goes out for the name '%s'", async (name) => {
    const { client, received } = await serve([answers(200, LIVE)]);
    await expect(client.delete({ namespace: 'lab', name })).rejects.toThrow(InvalidError);
    await expect(client.list({ namespace: name })).rejects.toThrow(InvalidError);
    await expect(client.get({ namespace: '', name: 'a' })).rejects.toThrow(/with a namespace/);
    expect(received).toEqual([]);
  });

  test('one after the other, a hundred, take two connections at most', async () => {
    let most = 0;
    const { client, server } = await serve([
      (response, request) => {
        most = Math.max(most, server.connections());
        answers(200, LIVE)(response, request);
      },
    ]);
    for (let i = 0; i < 100; i += 1) await client.get(KEY);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('keeps to the limit of requests a second', async () => {
    const { client } = await serve([answers(200, LIVE)], { qps: 50, burst: 1 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => client.get(KEY)));
    expect(performance.now() - start).toBeGreaterThan(95);
  });
});

describe('an answer', () => {
  test('is an object without managedFields, with its apiVersion and kind', async () => {
    const { metadata, spec } = LIVE;
    const { client } = await serve([answers(200, { metadata, spec })]);
    const { managedFields: _, ...rest } = metadata;
    const { apiVersion, kind } = GADGET;
    expect(await client.get(KEY)).toEqual({ apiVersion, kind, metadata: rest, spec });
  });

  test.each([
    [400, 'BadRequest', 'cannot be handled as a Gadget', InvalidError],
    [401, 'Unauthorized', 'Unauthorized', UnauthorizedError],
    [403, 'Forbidden', 'gadgets is forbidden', ForbiddenError],
    [404, 'NotFound', 'gadgets "a" not found', NotFoundError],
    [409, 'AlreadyExists', 'gadgets "a" already exists', AlreadyExistsError],
    [409, 'Conflict', 'the object has been modified', ConflictError],
    [410, 'Expired', 'too old resource version', GoneError],
    [413, 'RequestEntityTooLarge', 'limit is 3145728', InvalidError],
    [422, 'Invalid', 'spec.size: Invalid value', InvalidError],
    [500, 'InternalError', 'etcdserver: request is too large', InvalidError],
    [500, 'InternalError', 'no leader', ServerFailureError],
    [503, 'ServiceUnavailable', 'not ready', ServerFailureError],
    [504, 'Timeout', 'request did not complete', ServerFailureError],
  ])('of %s %s (%s) is a named error', async (code, reason, message, type) => {
    const { client, asked } = await serve([refuses(code, reason, message)]);
    const failure = await client.patch(KEY, {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    const request = `PATCH ${PATH}/a?fieldManager=bionas-operator`;
    expect((failure as Error).message).toBe(`${request}: ${message}`);
    // A 401 is met once more with credentials that are read again.
    expect(asked()).toHaveLength(code === 401 ? 2 : 1);
  });

  test.each([
    ['the server does not serve the kind', answers(404, '404 page not found\n'), /Definition/],
    ['a proxy answers with its own page', answers(502, '<html>\n bad  gateway'), /<html> bad gate/],
    ['there is no message', answers(500, ''), /status 500 without a message/],
  ])('says what it can when %s', async (_, act, words) => {
    const { client } = await serve([act]);
    await expect(client.get(KEY)).rejects.toThrow(words);
  });

  test.each([
    ['no JSON', answers(200, '<html>log in</html>'), /expected JSON, got '<html>log in/],
    ['no object', answers(200, [1]), /expected a Gadget with name, uid and resourceVersion/],
    ['an object of nobody', answers(200, { metadata: { name: 'a' } }), /expected a Gadget/],
  ])('that is %s is refused', async (_, act, words) => {
    const { client } = await serve([act]);
    const failure = await client.get(KEY).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MalformedAnswerError);
    expect((failure as Error).message).toMatch(words);
  });
});

describe('a status for one uid', () => {
  const looked = (uid: string, resourceVersion: string) =>
    answers(200, { ...LIVE, metadata: { ...LIVE.metadata, uid, resourceVersion } });
  const conflict = refuses(409, 'Conflict', 'the object has been modified');

  test('is written at the version at which the object had it, as servers do not look at the uid', async () => {
    const { client, received } = await serve([looked('u', '7'), conflict, looked('u', '8')]);
    await client.patchStatus(KEY, { seen: 1 }, { uid: 'u' });
    const sent = received.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
    expect(sent.map((body) => JSON.parse(body))).toEqual(
      ['7', '8'].map((resourceVersion) => ({ status: { seen: 1 }, metadata: { resourceVersion } })),
    );
  });

  test('is not written for another', async () => {
    const { client, asked } = await serve([looked('another', '7')]);
    const write = client.patchStatus(KEY, { seen: 1 }, { uid: 'u' });
    await expect(write).rejects.toThrow(ConflictError);
    await expect(write).rejects.toThrow('Gadget lab/a: expected uid u, found another');
    expect(asked()).toEqual([`GET ${PATH}/a`]);
  });

  test('is given up when others write all the time', async () => {
    const acts = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? looked('u', '7') : conflict));
    const { client, received } = await serve(acts);
    await expect(client.patchStatus(KEY, {}, { uid: 'u' })).rejects.toThrow(ConflictError);
    expect(received).toHaveLength(10);
  });
});

test('a uid that a server calls immutable is a condition that did not hold', async () => {
  const causes = [{ field: 'metadata.uid', reason: 'FieldValueInvalid' }];
  const invalid = { ...status(422, 'Invalid', 'field is immutable'), details: { causes } };
  const { client } = await serve([answers(422, invalid)]);
  await expect(client.patch(KEY, {}, { uid: 'u' })).rejects.toThrow(ConflictError);
});

test('requests are counted by verb, kind and code', async () => {
  const { client, counted } = await serve([answers(200, LIVE), refuses(404, 'NotFound', ''), cuts]);
  await client.get(KEY);
  await client.patchStatus(KEY, {}).catch(() => {});
  await client.delete(KEY).catch(() => {});
  expect(counted).toEqual([
    'requests_total get Gadget 200',
    'requests_total patch_status Gadget 404',
    'requests_total delete Gadget none',
  ]);
});
