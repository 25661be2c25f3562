import { expect, test } from 'vitest';
import {
  AlreadyExistsError,
  createEventRecorder,
  type KubernetesEvent,
  silentLogger,
} from '../../../operator/runtime/index.ts';
import { makeSearch } from '../../builders/objects.ts';
import { FakeClock, settle } from './fake-clock.ts';

function record() {
  const clock = new FakeClock();
  const events = new Map<string, KubernetesEvent>();
  const writes: string[] = [];
  const fails = { always: false };
  const recorder = createEventRecorder({
    client: {
      create: async (event) => {
        writes.push('create');
        if (fails.always) throw new Error('no permission');
        if (events.has(event.metadata.name)) throw new AlreadyExistsError('Event');
        events.set(event.metadata.name, event);
        return event as never;
      },
      patch: async ({ name }, patch) => {
        writes.push('patch');
        const event = { ...events.get(name), ...patch } as KubernetesEvent;
        events.set(name, event);
        return event as never;
      },
    },
    component: 'tester',
    clock,
    logger: silentLogger,
  });
  const say = async (message: string, reason = 'ReportRefused') => {
    recorder.record(makeSearch(), { type: 'Warning', reason, message });
    await settle();
  };
  return { clock, events, writes, say, fails };
}

test('an event names its object, reason and message', async () => {
  const { events, say } = record();
  await say('no JSON');
  expect([...events.values()]).toMatchObject([
    {
      involvedObject: { kind: 'BioNASSearch', name: 'night', uid: 'night-uid' },
      type: 'Warning',
      reason: 'ReportRefused',
      message: 'no JSON',
      count: 1,
    },
  ]);
});

test('a flood of the same becomes one event whose count is written now and then', async () => {
  const { clock, events, writes, say } = record();
  for (let i = 0; i < 1000; i += 1) await say(`message ${i}`);
  await clock.advance(10_000);
  await say('the last one');
  expect(writes).toEqual(['create', 'create', 'patch']);
  expect([...events.values()]).toMatchObject([{ count: 1001, message: 'the last one' }]);
});

test('other reasons are other events', async () => {
  const { events, say } = record();
  await say('one');
  await say('two', 'Failed');
  expect(events.size).toBe(2);
});

test('what cannot be written stops nothing', async () => {
  const { fails, say } = record();
  fails.always = true;
  await say('one');
  await say('two', 'Failed');
});
