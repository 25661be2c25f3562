// Sources: which keys a change enqueues.
import { expect, test } from 'vitest';
import {
  type ChangeHandler,
  controllerOfEach,
  eachObject,
  type KubernetesObject,
  keyText,
  type ObjectKind,
  type Source,
} from '../../../operator/runtime/index.ts';
import { type LiveThing, thing } from './scripted-reader.ts';

const PARENT: ObjectKind = {
  apiVersion: 'test.dev/v1',
  kind: 'Parent',
  plural: 'parents',
  namespaced: true,
};

const ownedBy = (name: string, reference = {}) => ({
  ownerReferences: [
    { apiVersion: 'test.dev/v1', kind: 'Parent', name, uid: name, controller: true, ...reference },
  ],
});

function keysOf(
  source: (informer: { addHandler(handler: ChangeHandler<KubernetesObject>): void }) => Source,
  object: LiveThing,
  previous?: LiveThing,
): string[] {
  const handlers: ChangeHandler<KubernetesObject>[] = [];
  const keys: string[] = [];
  const started = source({ addHandler: (handler) => void handlers.push(handler) });
  started.start((key) => keys.push(keyText(key)), new AbortController().signal);
  for (const handler of handlers) handler({ type: 'modified', object, previous });
  return [...new Set(keys)];
}

test('each object enqueues itself', () => {
  expect(keysOf(eachObject, thing('a', 1))).toEqual(['default/a']);
});

test.each<{ owner: string; metadata: object; want: string[] }>([
  { owner: 'its controller', metadata: ownedBy('p'), want: ['default/p'] },
  { owner: 'none', metadata: {}, want: [] },
  { owner: 'one that is no controller', metadata: ownedBy('p', { controller: false }), want: [] },
  { owner: 'one of another kind', metadata: ownedBy('p', { kind: 'Uncle' }), want: [] },
  {
    owner: 'one of another group',
    metadata: ownedBy('p', { apiVersion: 'other.dev/v1' }),
    want: [],
  },
  {
    owner: 'one of another version',
    metadata: ownedBy('p', { apiVersion: 'test.dev/v2' }),
    want: ['default/p'],
  },
])('an object whose owner is $owner enqueues $want', ({ metadata, want }) => {
  expect(keysOf((informer) => controllerOfEach(informer, PARENT), thing('a', 1, metadata))).toEqual(
    want,
  );
});

test('an object that changes hands enqueues both owners', () => {
  const source = (informer: { addHandler(handler: ChangeHandler<KubernetesObject>): void }) =>
    controllerOfEach(informer, PARENT);
  const [now, before] = [thing('a', 2, ownedBy('new')), thing('a', 1, ownedBy('old'))];
  expect(keysOf(source, now, before)).toEqual(['default/old', 'default/new']);
});
