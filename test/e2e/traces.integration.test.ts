// The traces of a real search on this machine: `bionas run`, killed in the middle and started again, with trainers that train.
// A collector of our own takes what operator and trainers say.
import { expect, test } from 'vitest';
import { traceIdOf } from '../../operator/runtime/index.ts';
import { OtlpReceiver, type ReceivedSpan } from '../builders/otlp-receiver.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;

const EPOCHS = 8;
const spec = {
  algorithm: { name: 'random' },
  dataset: { ...realPictures, trainPictures: 1_000 },
  training: { epochs: EPOCHS, batchSize: 100 },
  budget: { trials: 1 },
  final: { topK: 0 },
};

test.skipIf(!canRun)('a trial is one trace, over both lives of its operator', async () => {
  await using collector = await OtlpReceiver.start();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.endpoint;
  const local = await LocalRun.make();
  const named = (name: string) => collector.spans.filter((span) => span.name === name);

  const first = await local.start(spec);
  await eventually(() => expect(named('epoch').length).toBeGreaterThan(0), 60_000);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await local.start(spec);
  expect(await second.ended, second.output).toBe(0);

  const [record] = await local.records();
  const spans = collector.of(traceIdOf(record?.trial ?? ''));
  const of = (name: string) => spans.filter((span) => span.name === name);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const above = ({ parentSpanId = '' }: ReceivedSpan) => byId.get(parentSpanId)?.name;

  expect(of('trial')).toHaveLength(1);
  expect(of('pod').map(({ attributes }) => Number(attributes['bionas.attempt']))).toEqual([0, 1]);
  expect(of('trainer').map(above)).toEqual(['pod', 'pod']);
  expect(new Set(spans.map(({ service }) => service))).toEqual(
    new Set(['bionas', 'bionas-trainer']),
  );
  // Where each part hangs.
  expect(
    Object.fromEntries(
      ['load data', 'build', 'epoch', 'report'].map((n) => [n, above(of(n).at(-1)!)]),
    ),
  ).toEqual({
    'load data': 'trainer',
    build: 'trainer',
    epoch: 'trainer',
    report: 'trainer',
  });
  for (const name of ['validate', 'checkpoint']) expect(above(of(name)[0]!)).toBe('epoch');
  expect(above(of('apply report').at(-1)!)).toBe('pod');
  // Each epoch is a span, and the one that was cut off is two.
  const epochs = of('epoch').map(({ attributes }) => Number(attributes['bionas.epoch']));
  expect(new Set(epochs)).toEqual(new Set(Array.from({ length: EPOCHS }, (_, i) => i + 1)));
  // Few enough: nothing is told of single steps.
  expect(spans.length).toBeLessThan(6 * EPOCHS + 40);
  for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
});
