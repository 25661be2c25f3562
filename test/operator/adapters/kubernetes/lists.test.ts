// Lists in pages against a scripted server: one moment over all pages, and what happens when the server forgets it.
import { afterEach, expect, test } from 'vitest';
import { MalformedAnswerError } from '../../../../operator/adapters/kubernetes/index.ts';
import { GoneError } from '../../../../operator/runtime/index.ts';
import { GADGET } from '../../../cases/object-client.cases.ts';
import { answers, refuses, type ScriptedServer, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server[Symbol.asyncDispose]());

/** Items of lists come without apiVersion and kind where the kind is a built-in one. */
const page = (names: readonly string[], token?: string, resourceVersion = '50') =>
  answers(200, {
    kind: 'GadgetList',
    metadata: { resourceVersion, continue: token },
    items: names.map((name) => ({
      metadata: { name, namespace: 'lab', uid: name, resourceVersion: '1', managedFields: [{}] },
      spec: { size: 1 },
    })),
  });
const forgotten = refuses(410, 'Expired', 'The provided continue parameter is too old');

async function list(...acts: Parameters<typeof scriptedServer>[0]) {
  server = await scriptedServer(acts, { pageSize: 2 });
  const { items, resourceVersion } = await server.clients
    .of(GADGET)
    .list({ namespace: 'lab', labels: { team: 'x', rank: '1' } });
  return { items, resourceVersion, names: items.map(({ metadata }) => metadata.name) };
}
const queries = () => server.received.map(({ url }) => Object.fromEntries(url.searchParams));

test('all pages become one list, at the moment of the first', async () => {
  const { items, names, resourceVersion } = await list(
    page(['a', 'b'], 'next-1'),
    page(['c', 'd'], 'next-2'),
    page(['e']),
  );
  expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(resourceVersion).toBe('50');
  expect(items[4]).toEqual({
    apiVersion: GADGET.apiVersion,
    kind: GADGET.kind,
    metadata: { name: 'e', namespace: 'lab', uid: 'e', resourceVersion: '1' },
    spec: { size: 1 },
  });
  const labelSelector = 'team=x,rank=1';
  expect(queries()).toEqual([
    { labelSelector, limit: '2' },
    { labelSelector, limit: '2', continue: 'next-1' },
    { labelSelector, limit: '2', continue: 'next-2' },
  ]);
});

test('a moment that is forgotten between pages makes it start over, once, in one piece', async () => {
  const { names, resourceVersion } = await list(
    page(['a', 'b'], 'next-1'),
    forgotten,
    page(['b', 'c', 'd'], undefined, '90'),
  );
  expect(names).toEqual(['b', 'c', 'd']);
  expect(resourceVersion).toBe('90');
  expect(queries().at(-1)).toEqual({ labelSelector: 'team=x,rank=1' });
});

test('a second time it is a GoneError', async () => {
  await expect(list(page(['a', 'b'], 'next-1'), forgotten)).rejects.toThrow(GoneError);
  expect(queries()).toHaveLength(3);
});

test.each([
  ['no list', answers(200, { kind: 'Status' }), /expected a list of Gadget/],
  ['a list of something else', answers(200, { metadata: {}, items: 1 }), /expected a list/],
  [
    'a list with a hole',
    answers(200, { metadata: { resourceVersion: '1' }, items: [null] }),
    /expected a Gadget/,
  ],
])('%s is refused', async (_, act, words) => {
  const failure = await list(act).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MalformedAnswerError);
  expect((failure as Error).message).toMatch(words);
});

test('nothing there is an empty list', async () => {
  expect(
    (await list(answers(200, { metadata: { resourceVersion: '7' }, items: null }))).items,
  ).toEqual([]);
});
