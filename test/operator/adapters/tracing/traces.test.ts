import { afterEach, expect, test, vi } from 'vitest';
import { openTraces } from '../../../../operator/adapters/tracing/index.ts';
import {
  noMetrics,
  noTracer,
  placeOf,
  silentLogger,
  systemClock,
} from '../../../../operator/runtime/index.ts';
import { START_MS } from '../../../builders/objects.ts';
import { OtlpReceiver } from '../../../builders/otlp-receiver.ts';

const UID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const clock = systemClock;
const options = { service: 'test', version: '1', clock, logger: silentLogger, metrics: noMetrics };

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

/** The exporter reads its endpoint from the process, as OpenTelemetry lays down. */
async function collected(env: Readonly<Record<string, string>> = {}) {
  const receiver = await OtlpReceiver.start();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.endpoint);
  opened.push(receiver);
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, ...env };
  return { receiver, traces: await openTraces({ ...options, env: given }) };
}

test('spans arrive at the collector, in the place and below the parent that they were given', async () => {
  const { receiver, traces } = await collected();
  const { tracer, close } = traces;
  const trial = placeOf(UID, 'trial', tracer);
  const search = placeOf('search', 'search', tracer);
  const whole = tracer.start('trial', { place: trial, links: [search], startMs: START_MS });
  const part = tracer.start('create Pod', { parent: whole.place, attributes: { attempt: 0 } });
  const below = tracer.start('deeper', { parent: part.place });
  tracer.start('not worth telling', { parent: trial });
  below.end();
  part.end({ failure: 'refused', attributes: { again: true } });
  whole.end({ endMs: START_MS + 60_000 });
  await close();
  const named = Object.fromEntries(receiver.spans.map((span) => [span.name, span]));
  expect(Object.keys(named).toSorted()).toEqual(['create Pod', 'deeper', 'trial']);
  expect(named['trial']).toMatchObject({
    service: 'test',
    traceId: trial.traceId,
    spanId: trial.spanId,
    parentSpanId: undefined,
    startMs: START_MS,
    endMs: START_MS + 60_000,
    failed: false,
    links: [{ traceId: search.traceId, spanId: search.spanId }],
  });
  expect(named['create Pod']).toMatchObject({
    traceId: trial.traceId,
    parentSpanId: trial.spanId,
    spanId: part.place.spanId,
    failed: true,
    attributes: { attempt: expect.anything(), again: true },
  });
  expect(named['deeper']?.parentSpanId).toBe(named['create Pod']?.spanId);
});

test('what begins a trace of its own has one', async () => {
  const { receiver, traces } = await collected();
  for (const name of ['one', 'two']) traces.tracer.start(name).end();
  await traces.close();
  expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(2);
});

test.each([
  ['nobody names a collector', {}],
  [
    'the SDK is switched off',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'true' },
  ],
  [
    'no exporter is wanted',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'none' },
  ],
])('nothing is traced where %s', async (_why, env) => {
  const traces = await openTraces({ ...options, env });
  expect(traces.tracer).toBe(noTracer);
  expect(traces.environment).toEqual({});
  await traces.close();
});

test('of a sample, a trace is wanted whole or not at all, whoever asks', async () => {
  const sampler = {
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.5',
  };
  const { receiver, traces } = await collected(sampler);
  const { tracer, close } = traces;
  for (let i = 0; i < 200; i += 1) {
    const trial = placeOf(`trial ${i}`, 'trial', tracer);
    tracer.start('trial', { place: trial }).end();
    tracer.start('pod', { parent: trial }).end();
  }
  await close();
  const spansOf = Object.values(Object.groupBy(receiver.spans, ({ traceId }) => traceId));
  expect(spansOf.every((spans) => spans?.length === 2)).toBe(true);
  expect(spansOf.length).toBeGreaterThan(60);
  expect(spansOf.length).toBeLessThan(140);
});

test('trainers are told the endpoint, and no headers: they may hold a secret', async () => {
  const { traces, receiver } = await collected({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer abc',
  });
  expect(traces.environment).toEqual({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
  await traces.close();
});

test('spans that the collector does not take are counted, and said once a minute', async () => {
  const { receiver } = await collected();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `${receiver.endpoint}/elsewhere`);
  const said: string[] = [];
  const dropped: number[] = [];
  const { tracer, close } = await openTraces({
    ...options,
    env: process.env,
    logger: { ...silentLogger, error: (message) => void said.push(message) },
    metrics: { ...noMetrics, count: (_name, _labels, by = 1) => void dropped.push(by) },
  });
  // Two batches.
  for (let i = 0; i < 600; i += 1) tracer.start('lost').end();
  await close();
  expect(dropped.toSorted()).toEqual([512, 88]);
  expect(said).toEqual(['Spans are not taken by the collector']);
});

test('a collector that is not there holds the end up for a moment at most', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
  const { tracer, close } = await openTraces({ ...options, env: process.env });
  tracer.start('lost').end();
  const begun = performance.now();
  await close();
  expect(performance.now() - begun).toBeLessThan(6_000);
});
