// The manager: order of start and stop, deadlines, and failures of a part.
import { afterEach, describe, expect, test } from 'vitest';
import {
  aborted,
  DeadlineExceededError,
  Manager,
  type ManagerOptions,
  type Runnable,
  RunnableFailedError,
  silentLogger,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

function makeParts() {
  const log: string[] = [];
  const part = (name: string, leaving: Promise<unknown> = Promise.resolve()): Runnable => ({
    name,
    async run(signal) {
      log.push(`${name} starts`);
      await aborted(signal);
      log.push(`${name} stops`);
      await leaving;
      log.push(`${name} ends`);
    },
  });
  const informer = (name: string, synced: Promise<void> = Promise.resolve()) => ({
    ...part(name),
    hasSynced: false,
    synced: () => synced,
  });
  return { log, part, informer };
}

function manage(
  options: Pick<ManagerOptions, 'informers' | 'controllers'> & Partial<ManagerOptions>,
) {
  stop = new AbortController();
  const clock = new FakeClock();
  const running = new Manager({ clock, logger: silentLogger, ...options }).run(stop.signal);
  running.catch(() => {});
  return { clock, running };
}

test('controllers start after informers have synced, and stop before them', async () => {
  const { log, part, informer } = makeParts();
  const synced = Promise.withResolvers<void>();
  const leaving = Promise.withResolvers<void>();
  const { running, clock } = manage({
    services: [part('service')],
    informers: [informer('informer', synced.promise)],
    controllers: [part('controller', leaving.promise)],
  });
  await settle();
  expect(log.splice(0)).toEqual(['service starts', 'informer starts']);
  synced.resolve();
  await settle();
  expect(log.splice(0)).toEqual(['controller starts']);
  stop.abort();
  await settle();
  expect(log.splice(0)).toEqual(['controller stops']);
  leaving.resolve();
  await running;
  expect(log.shift()).toBe('controller ends');
  expect([...log].sort()).toEqual([
    'informer ends',
    'informer stops',
    'service ends',
    'service stops',
  ]);
  expect(clock.sleeping).toBe(0);
});

describe('the manager gives up when', () => {
  test('an informer does not sync in time, and stops the others', async () => {
    const { log, informer, part } = makeParts();
    const { clock, running } = manage({
      informers: [informer('informer', new Promise(() => {}))],
      controllers: [part('controller')],
      syncTimeoutMs: 1000,
    });
    await clock.advance(1000);
    await expect(running).rejects.toThrow(DeadlineExceededError);
    expect(log).toEqual(['informer starts', 'informer stops', 'informer ends']);
  });

  test('a part fails, and stops the others', async () => {
    const { log, part } = makeParts();
    const cause = new Error('port taken');
    const broken: Runnable = { name: 'broken', run: () => Promise.reject(cause) };
    const { running } = manage({ informers: [], controllers: [part('controller'), broken] });
    await expect(running).rejects.toThrow(RunnableFailedError);
    await expect(running).rejects.toMatchObject({ message: 'broken failed', cause });
    expect(log).toEqual(['controller starts', 'controller stops', 'controller ends']);
  });

  test('a part does not stop in time', async () => {
    const { log, part } = makeParts();
    const { clock, running } = manage({
      informers: [],
      services: [part('service')],
      controllers: [part('stuck', new Promise(() => {}))],
      gracePeriodMs: 1000,
    });
    await settle();
    stop.abort();
    await clock.advance(1000);
    await expect(running).rejects.toThrow('manager stopping: not done within 1000 ms');
    expect(log).toContain('service ends');
  });
});

test('asked to stop before informers have synced, it starts no controller', async () => {
  const { log, part, informer } = makeParts();
  const { running } = manage({
    informers: [informer('informer', new Promise(() => {}))],
    controllers: [part('controller')],
  });
  await settle();
  stop.abort();
  await running;
  expect(log).not.toContain('controller starts');
});
