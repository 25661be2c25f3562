// A controller: what each outcome of a reconcile causes, and how it stops.
import { afterEach, describe, expect, test } from 'vitest';
import {
  ConflictError,
  Controller,
  type ControllerOptions,
  exponentialBackoff,
  type Logger,
  type Metrics,
  noMetrics,
  type ObjectKey,
  type ReconcileContext,
  type ReconcileResult,
  silentLogger,
  TerminalError,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

type Reconcile = (key: ObjectKey, context: ReconcileContext) => Promise<ReconcileResult>;

function control(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  stop = new AbortController();
  const clock = new FakeClock();
  const results: string[] = [];
  const lines: string[] = [];
  const metrics: Metrics = {
    ...noMetrics,
    count: (name, labels) => {
      if (name === 'controller_reconciles_total') results.push(labels?.['result'] ?? '');
    },
  };
  const logger: Logger = {
    info: (message) => lines.push(`info: ${message}`),
    error: (message) => lines.push(`error: ${message}`),
    with: () => logger,
  };
  let enqueue: (name: string) => void = () => {};
  const controller = new Controller({
    name: 'test',
    reconciler: { reconcile },
    sources: [
      {
        start: (add) => {
          enqueue = (name) => add({ namespace: 'default', name });
        },
      },
    ],
    clock,
    logger,
    metrics,
    rateLimiter: exponentialBackoff({ initialMs: 100, maxMs: 10_000 }),
    ...options,
  });
  const running = controller.run(stop.signal);
  return { clock, results, lines, running, enqueue: (name: string) => enqueue(name) };
}

/** Plays outcomes one after the other, then succeeds; counts the calls. */
function play(...outcomes: readonly (Error | ReconcileResult)[]) {
  const calls: string[] = [];
  const rest = [...outcomes];
  const reconcile: Reconcile = async ({ namespace, name }) => {
    calls.push(`${namespace}/${name}`);
    const outcome = rest.shift() ?? {};
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { reconcile, calls };
}

describe('after a reconcile that', () => {
  test.each<{
    outcome: string;
    throwsOrReturns: Error | ReconcileResult;
    result: string;
    again: number | undefined;
    log: string[];
  }>([
    { outcome: 'is done', throwsOrReturns: {}, result: 'success', again: undefined, log: [] },
    {
      outcome: 'asks for a requeue',
      throwsOrReturns: { requeueAfter: 5000 },
      result: 'requeue_after',
      again: 5000,
      log: [],
    },
    {
      outcome: 'fails',
      throwsOrReturns: new Error('down'),
      result: 'error',
      again: 100,
      log: ['error: Reconcile failed, trying again'],
    },
    {
      outcome: 'meets a conflict',
      throwsOrReturns: new ConflictError('stale'),
      result: 'conflict',
      again: 100,
      log: ['info: Reconcile met a newer object, trying again'],
    },
    {
      outcome: 'fails for good',
      throwsOrReturns: new TerminalError('no sense'),
      result: 'terminal_error',
      again: undefined,
      log: ['error: Reconcile failed for good'],
    },
  ])('$outcome, the key comes again after $again ms', async (want) => {
    const { reconcile, calls } = play(want.throwsOrReturns);
    const { clock, enqueue, results, lines } = control(reconcile);
    enqueue('a');
    await settle();
    expect(calls).toEqual(['default/a']);
    expect(results).toEqual([want.result]);
    expect(lines).toEqual(want.log);
    await clock.advance((want.again ?? 100_000) - 1);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(want.again === undefined ? 1 : 2);
  });
});

test('failures in a row wait longer, and one success forgets them', async () => {
  const down = new Error('down');
  const { reconcile, calls } = play(down, down, down, {}, down);
  const { clock, enqueue } = control(reconcile);
  enqueue('a');
  await clock.advance(100 + 200 + 400);
  expect(calls).toHaveLength(4);
  enqueue('a');
  await clock.advance(99);
  expect(calls).toHaveLength(5);
  await clock.advance(1);
  expect(calls).toHaveLength(6);
});

test('workers take different keys side by side, never the same one', async () => {
  const gate = Promise.withResolvers<ReconcileResult>();
  const started: string[] = [];
  const { enqueue } = control(
    ({ name }) => {
      started.push(name);
      return gate.promise;
    },
    { workers: 2 },
  );
  for (const name of ['a', 'b', 'a', 'c']) enqueue(name);
  await settle();
  enqueue('a');
  await settle();
  expect(started).toEqual(['a', 'b']);
  gate.resolve({});
  await settle();
  expect(started).toEqual(['a', 'b', 'c', 'a']);
});

test('a reconcile that takes too long is told by its signal, and its key stays with its worker until it ends', async () => {
  const ended = Promise.withResolvers<ReconcileResult>();
  let reason: unknown;
  let calls = 0;
  const { clock, enqueue, results } = control(
    (_, { signal }) => {
      calls += 1;
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return ended.promise;
    },
    { reconcileTimeoutMs: 1000, workers: 2 },
  );
  enqueue('a');
  await clock.advance(1000);
  expect(reason).toMatchObject({ message: 'reconcile of default/a: not done within 1000 ms' });
  enqueue('a');
  await clock.advance(1000);
  expect(calls).toBe(1);
  ended.resolve({});
  await settle();
  expect(calls).toBe(2);
  expect(results).toEqual(['success', 'success']);
});

describe('stopping', () => {
  test('lets work in hand finish and starts no other', async () => {
    const gate = Promise.withResolvers<ReconcileResult>();
    const started: string[] = [];
    const { enqueue, running, clock } = control(({ name }) => {
      started.push(name);
      return gate.promise;
    });
    enqueue('a');
    enqueue('b');
    await settle();
    stop.abort();
    await settle();
    gate.resolve({});
    await running;
    expect(started).toEqual(['a']);
    expect(clock.sleeping).toBe(0);
  });

  test('cuts off work that outlives the drain', async () => {
    const { enqueue, running, clock, lines } = control(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      { drainTimeoutMs: 500 },
    );
    enqueue('a');
    await settle();
    stop.abort();
    await clock.advance(500);
    await running;
    expect(lines[0]).toBe('error: Cutting off reconciles');
  });
});

test('a controller with a silent logger and default limits runs', async () => {
  const { reconcile, calls } = play();
  const { enqueue } = control(reconcile, {
    logger: silentLogger,
    metrics: undefined,
    rateLimiter: undefined,
  });
  enqueue('a');
  await settle();
  expect(calls).toEqual(['default/a']);
});

test('each line about a key says what the key is about, as it is then', async () => {
  const fields: unknown[] = [];
  const logger: Logger = {
    ...silentLogger,
    with: (more) => {
      fields.push(more);
      return logger;
    },
  };
  let trial = 'first';
  const { enqueue } = control(async () => ({}), { logger, about: ({ name }) => ({ trial, name }) });
  enqueue('a');
  await settle();
  trial = 'second';
  enqueue('b');
  await settle();
  expect(fields.slice(-2)).toEqual([
    { key: 'default/a', trial: 'first', name: 'a' },
    { key: 'default/b', trial: 'second', name: 'b' },
  ]);
});
