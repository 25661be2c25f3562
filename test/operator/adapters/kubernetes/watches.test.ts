// Watches against a scripted server: how events are cut out of the stream, and every way in which a stream can go wrong.
import { afterEach, describe, expect, test } from 'vitest';
import {
  AnswerTooLargeError,
  type KubernetesClientsOptions,
  MalformedAnswerError,
  ServerFailureError,
  TransportError,
} from '../../../../operator/adapters/kubernetes/index.ts';
import { DeadlineExceededError, GoneError } from '../../../../operator/runtime/index.ts';
import { GADGET } from '../../../cases/object-client.cases.ts';
import { eventually } from '../../runtime/eventually.ts';
import {
  type Act,
  refuses,
  type ScriptedServer,
  scriptedServer,
  status,
  streams,
} from './scripted-server.ts';

let server: ScriptedServer;
let stop: AbortController;
afterEach(async () => {
  stop.abort();
  await server[Symbol.asyncDispose]();
});

const event = (type: string, name: string, note = '') =>
  `${JSON.stringify({
    type,
    object: {
      metadata: { name, namespace: 'lab', uid: 'u', resourceVersion: '9', managedFields: [{}] },
      spec: { size: 1, note },
    },
  })}\n`;
const bookmark = `${JSON.stringify({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: '90', creationTimestamp: null } },
})}\n`;
const error = (code: number, reason: string, message: string) =>
  `${JSON.stringify({ type: 'ERROR', object: status(code, reason, message) })}\n`;

/** Watches and notes what comes; `done` settles as the watch ends. */
async function watch(act: Act, options: Partial<KubernetesClientsOptions> = {}) {
  server = await scriptedServer([act], options);
  stop = new AbortController();
  const seen: string[] = [];
  const client = server.clients.of(GADGET);
  const follow = async () => {
    const { signal } = stop;
    for await (const change of client.watch({ namespace: 'lab', resourceVersion: '5', signal })) {
      if (change.type === 'BOOKMARK') seen.push(`BOOKMARK ${change.resourceVersion}`);
      else seen.push(`${change.type} ${change.object.metadata.name}`);
    }
  };
  const done = follow();
  done.catch(() => {});
  return { seen, done, client };
}

test('events come as they happen, bookmarks too, and the server is asked for both', async () => {
  const { seen } = await watch(
    streams([event('ADDED', 'a'), event('MODIFIED', 'a'), bookmark, event('DELETED', 'a')]),
  );
  await eventually(() =>
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'BOOKMARK 90', 'DELETED a']),
  );
  expect(Object.fromEntries(server.received[0]?.url.searchParams ?? [])).toEqual({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: '5',
    timeoutSeconds: '300',
  });
});

test('the network may cut the stream anywhere, even in the middle of a letter', async () => {
  const whole = Buffer.from(event('ADDED', 'a', 'ärger 🦕') + event('ADDED', 'b'));
  const bytes = Array.from(whole, (byte) => Buffer.from([byte]));
  server = await scriptedServer([streams(bytes, 'end')]);
  stop = new AbortController();
  const notes: unknown[] = [];
  const options = { namespace: 'lab', resourceVersion: '5', signal: stop.signal };
  for await (const change of server.clients.of(GADGET).watch(options)) {
    if (change.type !== 'BOOKMARK') notes.push(change.object.spec.note);
  }
  expect(notes).toEqual(['ärger 🦕', '']);
});

test('objects come without managedFields', async () => {
  server = await scriptedServer([streams([event('ADDED', 'a')], 'end')]);
  stop = new AbortController();
  const options = { resourceVersion: '5', signal: stop.signal };
  for await (const change of server.clients.of(GADGET).watch(options)) {
    expect(change).toHaveProperty('object.metadata.uid', 'u');
    expect(change).not.toHaveProperty('object.metadata.managedFields');
  }
});

describe('a watch ends', () => {
  test('normally when the server ends it, and is counted', async () => {
    const { seen, done } = await watch(streams([event('ADDED', 'a')], 'end'));
    await done;
    expect(seen).toEqual(['ADDED a']);
    expect(server.counted).toContain('watches_ended_total Gadget server');
  });

  test('normally, and its connection with it, when its signal aborts', async () => {
    const { seen, done } = await watch(streams([event('ADDED', 'a')]));
    await eventually(() => expect(seen).toHaveLength(1));
    stop.abort();
    await done;
    await eventually(() => expect(server.connections()).toBe(0));
    expect(server.counted).toContain('watches_ended_total Gadget stopped');
  });

  test('normally when its signal aborts before the answer, or has aborted already', async () => {
    const { done, client } = await watch(() => {});
    await eventually(() => expect(server.received).toHaveLength(1));
    stop.abort();
    await done;
    const { signal } = stop;
    for await (const _ of client.watch({ resourceVersion: '5', signal })) expect.unreachable();
    expect(server.received).toHaveLength(1);
  });

  test('together with its connection when its reader leaves', async () => {
    const { client, seen } = await watch(streams([event('ADDED', 'a')]));
    await eventually(() => expect(seen).toHaveLength(1));
    stop.abort();
    const { signal } = new AbortController();
    for await (const _ of client.watch({ resourceVersion: '5', signal })) break;
    await eventually(() => expect(server.connections()).toBe(0));
  });

  test.each([
    ['410 as its answer', refuses(410, 'Expired', 'too old resource version'), GoneError],
    ['410 in the stream', streams([error(410, 'Expired', 'too old: 5 (90)')]), GoneError],
    ['an error in the stream', streams([error(500, 'InternalError', 'oh')]), ServerFailureError],
    ['a line that is no JSON', streams(['{"type":"ADD\n']), MalformedAnswerError],
    ['a line that is no event', streams(['{"type":"ADDED"}\n']), MalformedAnswerError],
    ['an event of no known type', streams(['{"type":"NEW","object":{}}\n']), MalformedAnswerError],
    ['half a line', streams([event('ADDED', 'a').slice(0, 40)], 'end'), MalformedAnswerError],
    ['a cut connection', streams([event('ADDED', 'a')], 'cut'), TransportError],
    [
      'a line without an end',
      streams(Array(34).fill(Buffer.alloc(512 * 1024, 'x'))),
      AnswerTooLargeError,
    ],
  ])('with %s, by a named error', async (_, act, type) => {
    const { done } = await watch(act);
    const failure = await done.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect(server.asked()).toEqual(['GET /apis/test.bionas.dev/v1/namespaces/lab/gadgets']);
    const end = type === GoneError ? 'gone' : 'failure';
    expect(server.counted).toContain(`watches_ended_total Gadget ${end}`);
    await eventually(() => expect(server.connections()).toBeLessThanOrEqual(1));
  });

  test('normally when nothing comes for too long: the other end may be gone without a word', async () => {
    const { seen, done } = await watch(streams([event('ADDED', 'a')]), { watchSilenceMs: 100 });
    await done;
    expect(seen).toEqual(['ADDED a']);
    expect(server.counted).toContain('watches_ended_total Gadget silent');
    await eventually(() => expect(server.connections()).toBe(0));
  });

  test('when the answer does not begin within the deadline', async () => {
    const { done } = await watch(() => {}, { deadlineMs: 100 });
    await expect(done).rejects.toThrow(DeadlineExceededError);
  });

  test('not while something comes, however long it takes', async () => {
    const pieces = Array.from({ length: 30 }, () => bookmark);
    const slow: Act = async (response) => {
      response.writeHead(200);
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.end();
    };
    const { seen, done } = await watch(slow, { watchSilenceMs: 300, deadlineMs: 200 });
    await done;
    expect(seen).toHaveLength(30);
  });
});
