// Calls against a server that misbehaves: what is tried again and what is not, how long, and what holds a write back.
import { afterEach, describe, expect, test } from 'vitest';
import { ServerBusyError, TransportError } from '../../../../operator/adapters/kubernetes/index.ts';
import { DeadlineExceededError } from '../../../../operator/runtime/index.ts';
import { GADGET, gadget } from '../../../cases/object-client.cases.ts';
import { eventually } from '../../runtime/eventually.ts';
import {
  answers,
  cuts,
  cutsInTheMiddle,
  dawdles,
  hastyClock,
  refuses,
  type ScriptedServer,
  scriptedServer,
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

describe('a server that is busy', () => {
  const busy = (code: number, seconds?: number) =>
    refuses(code, 'TooManyRequests', 'slow down', {
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    });
  const clock = hastyClock(50);

  test.each([
    ['429 and a time', busy(429, 3), 3],
    ['429 without a time', busy(429), 1],
    ['503 and a time', busy(503, 3), 3],
  ])('by %s is waited for, writes included', async (_, act, seconds) => {
    const { client, received, counted } = await serve([act, answers(201, LIVE)], { clock });
    const start = clock.monotonic();
    await client.create(gadget('a', 'lab'));
    expect(clock.monotonic() - start).toBeGreaterThanOrEqual(seconds * 1000);
    expect(received.map(({ body }) => body)).toEqual(Array(2).fill(received[0]?.body));
    expect(counted).toContain('retries_total create Gadget ServerBusyError');
  });

  test('is not waited for beyond the deadline', async () => {
    const { client, received } = await serve([busy(429, 11)], { clock });
    await expect(client.get(KEY)).rejects.toThrow(ServerBusyError);
    expect(received).toHaveLength(1);
  });

  test('for ever is given up', async () => {
    const { client, received } = await serve([busy(429, 0)]);
    await expect(client.get(KEY)).rejects.toThrow(/slow down/);
    expect(received).toHaveLength(10);
  });
});

describe('a connection that breaks', () => {
  test.each([
    ['before the answer', cuts],
    ['in the middle of the answer', cutsInTheMiddle],
  ])('%s is replaced once for a read', async (_, act) => {
    const once = await serve([act, answers(200, LIVE)]);
    expect((await once.client.get(KEY)).metadata.name).toBe('a');
    await once.server[Symbol.asyncDispose]();

    const { client, received } = await serve([act]);
    await expect(client.get(KEY)).rejects.toThrow(TransportError);
    expect(received).toHaveLength(2);
  });

  test.each([
    ['create', 'before', cuts],
    ['create', 'in the middle of', cutsInTheMiddle],
    ['patch', 'before', cuts],
    ['patchStatus', 'before', cuts],
    ['delete', 'in the middle of', cutsInTheMiddle],
  ] as const)('leaves the fate of a %s open %s the answer: not repeated', async (verb, _, act) => {
    const { client, received, counted } = await serve([act]);
    const call = verb === 'create' ? client.create(gadget('a', 'lab')) : client[verb](KEY, {});
    const failure = await call.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransportError);
    expect((failure as Error).message).toMatch(/^(POST|PATCH|DELETE) \/apis\/.*connection failed/);
    expect((failure as Error).cause).toBeInstanceOf(Error);
    expect(received).toHaveLength(1);
    expect(counted.filter((line) => line.startsWith('retries'))).toEqual([]);
  });

  test('because nobody listens says so', async () => {
    const { client, server } = await serve([answers(200, LIVE)]);
    await server.stop();
    await expect(client.get(KEY)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('the deadline', () => {
  test.each([
    ['says nothing', () => {}],
    ['dawdles over its answer', dawdles],
  ])('ends a call to a server that %s, and its connection', async (_, act) => {
    const { client, server } = await serve([act], { deadlineMs: 150 });
    const start = performance.now();
    const call = client.get(KEY);
    await expect(call).rejects.toThrow(DeadlineExceededError);
    await expect(call).rejects.toThrow(`GET ${PATH}/a: not done within 150 ms`);
    expect(performance.now() - start).toBeLessThan(2000);
    await eventually(() => expect(server.connections()).toBe(0));
  });

  test('holds for the wait for a turn', async () => {
    const { client, received } = await serve([answers(200, LIVE)], {
      deadlineMs: 100,
      qps: 1,
      burst: 1,
    });
    await client.get(KEY);
    await expect(client.get(KEY)).rejects.toThrow(DeadlineExceededError);
    expect(received).toHaveLength(1);
  });

  test('need not come when the caller waits no longer', async () => {
    const { client } = await serve([() => {}]);
    const stop = new AbortController();
    const list = expect(client.list({ signal: stop.signal })).rejects.toThrow('enough');
    stop.abort(new Error('enough'));
    await list;
  });

  test('need not come when the client is closed', async () => {
    const { client, received, clients } = await serve([() => {}]);
    const call = expect(client.get(KEY)).rejects.toThrow(TransportError);
    await eventually(() => expect(received).toHaveLength(1));
    await clients.close();
    await call;
  });
});

describe('the fence before writes', () => {
  test('is asked before each try of a write, and for no read', async () => {
    const tries: string[] = [];
    const { client } = await serve(
      [
        answers(200, LIVE),
        refuses(429, 'TooManyRequests', 'slow', { 'retry-after': '0' }),
        answers(200, LIVE),
      ],
      { beforeWrite: () => void tries.push('write') },
    );
    await client.get(KEY);
    expect(tries).toEqual([]);
    await client.patch(KEY, {});
    expect(tries).toEqual(['write', 'write']);
  });

  test('keeps a write from being sent by throwing', async () => {
    class NotLeaderError extends Error {}
    const beforeWrite = () => {
      throw new NotLeaderError();
    };
    const { client, received } = await serve([answers(200, LIVE)], { beforeWrite });
    await expect(client.create(gadget('a', 'lab'))).rejects.toThrow(NotLeaderError);
    await expect(client.delete(KEY)).rejects.toThrow(NotLeaderError);
    expect(received).toEqual([]);
  });
});
