// The informer through long outages: servers that hang, fall silent, refuse for an hour or answer too late.
import { afterEach, expect, test } from 'vitest';
import {
  Informer,
  type InformerOptions,
  type KubernetesObject,
  type Logger,
  type Metrics,
  type ObjectList,
  type ObjectReader,
  silentLogger,
  type WatchEvent,
  type WatchOptions,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { THING, thing } from './scripted-reader.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EMPTY = { items: [], resourceVersion: '5' };

let stop = new AbortController();
afterEach(() => stop.abort());

type Things = ObjectList<KubernetesObject>;

interface Server {
  list(signal: AbortSignal | undefined): Promise<Things>;
  watch(options: WatchOptions): AsyncIterable<WatchEvent<KubernetesObject>>;
}

/** Says nothing, ever. */
async function* silent({ signal }: WatchOptions): AsyncGenerator<WatchEvent<KubernetesObject>> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}

async function follow(
  server: (clock: FakeClock) => Partial<Server>,
  options: Partial<InformerOptions<KubernetesObject>> = {},
) {
  stop = new AbortController();
  const clock = new FakeClock();
  const { list = async () => EMPTY, watch = silent } = server(clock);
  const calls: { readonly call: string; readonly at: number }[] = [];
  const lines: string[] = [];
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const start = clock.monotonic();
  const note = (call: string) => calls.push({ call, at: clock.monotonic() - start });
  const reader: ObjectReader<KubernetesObject> = {
    get: () => Promise.reject(new Error('an informer never gets')),
    list: ({ signal } = {}) => {
      note('list');
      return list(signal);
    },
    watch: (watching) => {
      note(`watch ${watching.resourceVersion}`);
      return watch(watching);
    },
  };
  const logger: Logger = {
    ...silentLogger,
    info: (message) => lines.push(message),
    error: (message) => lines.push(message),
  };
  const metrics: Metrics = {
    observe() {},
    count: (name, labels) => {
      const series = `${name} ${labels?.['kind']} ${labels?.['reason']}`;
      counts[series] = (counts[series] ?? 0) + 1;
    },
    gauge: (name, value, labels) => {
      gauges[`${name} ${labels?.['kind']}`] = value;
    },
  };
  const common = { kind: THING, reader, clock, logger, metrics, random: () => 0.999 };
  const informer = new Informer<KubernetesObject>({ ...common, ...options });
  const running = informer.run(stop.signal);
  await settle();
  return { informer, clock, calls, lines, counts, gauges, running };
}

test('a list that never answers is given up at its deadline, and told so', async () => {
  let given: AbortSignal | undefined;
  const { clock, calls, counts, informer } = await follow(
    () => ({
      list: (signal) => {
        if (given !== undefined) return Promise.resolve(EMPTY);
        given = signal;
        return new Promise(() => {});
      },
    }),
    { listTimeoutMs: 10_000 },
  );
  await clock.advance(9_999);
  expect(given?.aborted).toBe(false);
  await clock.advance(1 + 200);
  expect(given?.aborted).toBe(true);
  expect(calls.map(({ call }) => call)).toEqual(['list', 'list', 'watch 5']);
  expect(informer.hasSynced).toBe(true);
  expect(counts).toEqual({ 'informer_restarts_total Thing list_failed': 1 });
});

test('a stop does not wait for a list that never answers', async () => {
  const { running, clock } = await follow(() => ({ list: () => new Promise(() => {}) }));
  stop.abort();
  await running;
  expect(clock.sleeping).toBe(0);
});

test('lists that fail slowly wait longer each time: an overloaded server is not asked more', async () => {
  const { clock, calls } = await follow((time) => ({
    list: () => time.sleep(30_000).then(() => Promise.reject(new Error('429 too many requests'))),
  }));
  await clock.advance(HOUR);
  const pauses = calls.slice(1).map(({ at }, i) => at - (calls[i]?.at ?? 0) - 30_000);
  expect(pauses.slice(0, 3).map(Math.round)).toEqual([200, 400, 800]);
  expect(pauses.at(-1)).toBeGreaterThan(29_000);
});

test('an hour without a server: no storm of tries or lines, and all is known soon after its return', async () => {
  let isUp = false;
  const { clock, calls, lines, informer } = await follow(() => ({
    list: async () => {
      if (!isUp) throw new Error('connection refused');
      return EMPTY;
    },
  }));
  await clock.advance(HOUR);
  expect(calls.length).toBeLessThan(140);
  expect(lines).toHaveLength(calls.length);
  expect(new Set(lines)).toEqual(new Set(['List failed, trying again']));
  isUp = true;
  await clock.advance(30_000);
  expect(informer.hasSynced).toBe(true);
});

test('a server that closes quiet watches each minute is followed without a pause, a line or a list', async () => {
  const { clock, calls, lines, counts } = await follow((time) => ({
    async *watch({ signal }) {
      await time.sleep(MINUTE, signal).catch(() => {});
    },
  }));
  await clock.advance(HOUR);
  expect(calls.filter(({ call }) => call === 'list')).toHaveLength(1);
  expect(calls.at(-1)).toEqual({ call: 'watch 5', at: HOUR });
  expect(lines).toEqual([]);
  expect(counts).toEqual({ 'informer_restarts_total Thing closed': 60 });
});

test('the number of objects is a gauge, own writes included', async () => {
  const { informer, gauges } = await follow(() => ({
    list: async () => ({ items: [thing('a', 3), thing('b', 4)], resourceVersion: '5' }),
    async *watch(options) {
      yield { type: 'DELETED', object: thing('a', 6) };
      yield* silent(options);
    },
  }));
  expect(gauges).toEqual({ 'informer_objects Thing': 1 });
  informer.wrote(thing('c', 7));
  expect(gauges).toEqual({ 'informer_objects Thing': 2 });
});
