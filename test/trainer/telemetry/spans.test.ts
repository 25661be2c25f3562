// What a trainer tells a collector, and what it hands on where there is none.
import { afterEach, expect, test, vi } from 'vitest';
import { openSpans } from '../../../trainer/telemetry/index.ts';
import { OtlpReceiver } from '../../builders/otlp-receiver.ts';

const TRACE = 'a'.repeat(32);
const POD = 'b'.repeat(16);
const TRACEPARENT = `00-${TRACE}-${POD}-01`;

const opened: OtlpReceiver[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

async function collected(env: Readonly<Record<string, string>> = {}) {
  const receiver = await OtlpReceiver.start();
  opened.push(receiver);
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.endpoint);
  const log: string[] = [];
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, TRACEPARENT, ...env };
  return {
    receiver,
    log,
    ...(await openSpans({ env: given, log: (line) => void log.push(line) })),
  };
}

test('parts hang below the part that they are called in, and the first below the Pod', async () => {
  const { receiver, spans, close } = await collected();
  const told: (string | undefined)[] = [];
  await spans.during(
    'trainer',
    async () => {
      const epoch = spans.during('epoch', () => spans.during('validate', async () => {}));
      // Side by side, as an upload in the background.
      await Promise.all([epoch, spans.during('keep', async () => {})]);
      await spans.during('report', async () => void told.push(spans.traceparent()));
    },
    { 'bionas.attempt': 1 },
  );
  await close();
  const named = Object.fromEntries(receiver.spans.map((span) => [span.name, span]));
  const above = (name: string) => named[name]?.parentSpanId;
  expect(above('trainer')).toBe(POD);
  for (const name of ['epoch', 'keep', 'report'])
    expect(above(name)).toBe(named['trainer']?.spanId);
  expect(above('validate')).toBe(named['epoch']?.spanId);
  expect(told).toEqual([`00-${TRACE}-${named['report']?.spanId}-01`]);
  expect(receiver.spans.every(({ traceId }) => traceId === TRACE)).toBe(true);
});

test('what threw has failed, and throws', async () => {
  const { receiver, spans, close } = await collected();
  const work = spans.during('load data', () => Promise.reject(new Error('no such file')));
  await expect(work).rejects.toThrow('no such file');
  await close();
  expect(receiver.spans).toMatchObject([{ name: 'load data', failed: true }]);
});

test.each([
  ['there is no collector', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  ['nobody samples the trace', { TRACEPARENT: TRACEPARENT.replace(/01$/, '00') }],
  ['nobody says below what', { TRACEPARENT: '' }],
  ['the SDK is off', { OTEL_SDK_DISABLED: 'true' }],
])('nothing is told where %s, and the place is handed on as it came', async (_why, env) => {
  const { receiver, spans, close } = await collected(env);
  expect(await spans.during('trainer', async () => 7)).toBe(7);
  await close();
  expect(receiver.spans).toEqual([]);
  expect(spans.traceparent()).toBe({ TRACEPARENT, ...env }.TRACEPARENT);
});

test('that spans are lost is said once, and ends nothing', async () => {
  const { receiver, log, spans, close } = await collected();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.endpoint);
  await receiver[Symbol.asyncDispose]();
  opened.splice(0);
  const begun = performance.now();
  for (let i = 0; i < 3; i += 1) await spans.during('epoch', async () => {});
  await close();
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(log.length).toBeLessThan(2);
});
