// A whole trainer on NATS as in a Pod: killed, asked to end, without its broker; and the next Pod, in another directory,
// goes on with the same numbers, bit for bit.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Report, type TrialResult } from '../../../crds/index.ts';
import type { Nats } from '../../../scripts/cluster/index.ts';
import { OtlpReceiver } from '../../builders/otlp-receiver.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeRealTrial, makeWorkdir, TrainerProcess } from '../trainer-process.ts';
import { startOwnNats } from './own-nats.ts';

const canTrain = tensorFlow !== undefined && realPictures !== undefined;
const PATIENCE_MS = 120_000;

let nats: Nats;
let connection: NatsConnection;
/** Of the test; the stream takes a message of a trial once. */
let search = 0;
const uid = () => `night-${search}-uid`;

/** LeNet, on few pictures. */
const trial = (epochs: number) =>
  makeRealTrial(
    { training: { epochs, optimizer: { learningRate: 0.05 } }, fidelity: { epochs } },
    uid(),
  );

beforeAll(async () => {
  ({ nats, connection } = await startOwnNats());
  const { streams } = await jetstreamManager(connection);
  await streams.add({
    name: 'BIONAS_REPORTS',
    subjects: ['bionas.*.*.*.result', 'bionas.*.*.*.failure'],
  });
});
afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});
beforeEach(() => {
  search += 1;
});

const subject = () => `bionas.default.night-${search}.${uid()}`;
const bucket = () => `bionas_search-${search}`;

async function start(epochs: number, attempt = 0, more: Readonly<Record<string, string>> = {}) {
  const directory = await makeWorkdir();
  const trainer = new TrainerProcess(trial(epochs), directory, attempt, {
    BIONAS_BUS: 'nats',
    BIONAS_NATS_URL: nats.url,
    BIONAS_SUBJECT: subject(),
    BIONAS_BUCKET: bucket(),
    BIONAS_GRACE_SECONDS: '30',
    ...more,
  });
  return { trainer, directory };
}

const stored = async (name: string): Promise<Uint8Array | null> =>
  (await new Objm(connection).open(bucket())).getBlob(`${uid()}/${name}`);

/** Until a checkpoint of this trial is in the store. */
const untilKept = () =>
  eventually(
    async () => expect(await stored('checkpoint.safetensors')).not.toBeNull(),
    PATIENCE_MS,
  );

/** What this trial's stream holds of a kind, oldest first. */
async function reported(kind: 'result' | 'failure'): Promise<Report[]> {
  const { streams } = await jetstreamManager(connection);
  const found: Report[] = [];
  for (let seq = 1; ; seq += 1) {
    const query = { seq, next_by_subj: `${subject()}.${kind}` };
    const message = await streams.getMessage('BIONAS_REPORTS', query);
    if (message === null) return found;
    found.push(Report.parse(message.json()));
    seq = message.seq;
  }
}

async function theResult(): Promise<TrialResult> {
  const [report, ...more] = await reported('result');
  expect(more).toEqual([]);
  if (report?.body.kind !== 'result') throw new Error('no result');
  return report.body.result;
}

const withoutTime = ({ metrics, epochs, outcome }: TrialResult) => ({
  outcome,
  metrics: { ...metrics, seconds: 0, picturesPerSecond: 0 },
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0, picturesPerSecond: 0 })),
});

const FILES = ['model.onnx', 'genotype.json', 'alignment.jsonl'];

describe.skipIf(!canTrain)('a trainer in a Pod', () => {
  let straight: Promise<TrialResult> | undefined;
  /** What a trainer finds whom nobody disturbs. */
  const undisturbed = (): Promise<TrialResult> => {
    straight ??= (async () => {
      const { trainer } = await start(4);
      expect(await trainer.exited).toBe(0);
      const result = await theResult();
      search += 1;
      return result;
    })();
    return straight;
  };

  test('tells a collector what took how long, its log as JSON, and in which span it reported', async () => {
    await using collector = await OtlpReceiver.start();
    const [traceId, pod] = ['c'.repeat(32), 'd'.repeat(16)];
    const { trainer } = await start(2, 0, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      TRACEPARENT: `00-${traceId}-${pod}-01`,
      BIONAS_LOG: 'json',
    });
    expect(await trainer.exited, trainer.log).toBe(0);
    const of = (name: string) => collector.spans.filter((span) => span.name === name);
    expect(of('trainer')).toMatchObject([{ traceId, parentSpanId: pod }]);
    expect(of('epoch')).toHaveLength(2);
    const { streams } = await jetstreamManager(connection);
    const query = { last_by_subj: `${subject()}.result` };
    const message = await streams.getMessage('BIONAS_REPORTS', query);
    const [report] = of('report');
    expect(message?.header.get('traceparent')).toBe(`00-${traceId}-${report?.spanId}-01`);
    // TensorFlow writes lines of its own.
    const lines = trainer.log.split('\n').filter((line) => line.startsWith('{'));
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ trial: 'night-0', attempt: 0, trace_id: traceId });
    expect(lines.length).toBeGreaterThan(0);
  });

  test('ends when its result is kept; its files are where the result says', async () => {
    const { trainer, directory } = await start(1);
    expect(await trainer.exited).toBe(0);
    const { artifacts } = await theResult();
    const place = (name: string) => `nats://${bucket()}/${uid()}/${name}`;
    expect(artifacts).toEqual({
      'model.onnx': place('model.onnx'),
      'genotype.json': place('genotype.json'),
      'alignment.jsonl': place('alignment.jsonl'),
      checkpoint: place('checkpoint.safetensors'),
    });
    for (const name of [...FILES, 'checkpoint.safetensors', 'result.json']) {
      const there = Buffer.from((await stored(name)) ?? []);
      expect(there.equals(await readFile(join(directory, name)))).toBe(true);
    }
  });

  test('that is killed is gone on with by the next one, with the same numbers', async () => {
    const straight = await undisturbed();
    const first = await start(4);
    await untilKept();
    first.trainer.child.kill('SIGKILL');
    await first.trainer.exited;
    const second = await start(4, 1);
    expect(await second.trainer.exited).toBe(0);
    expect(second.trainer.log).toContain('checkpoint.safetensors is back from an earlier attempt');
    expect(withoutTime(await theResult())).toEqual(withoutTime(straight));
  });

  test('that is asked to end keeps its checkpoint, says so, and the next one goes on', async () => {
    const straight = await undisturbed();
    const first = await start(4);
    await untilKept();
    first.trainer.child.kill('SIGTERM');
    expect(await first.trainer.exited).toBe(75);
    expect(await reported('failure')).toMatchObject([{ body: { reason: 'Interrupted' } }]);
    const there = Buffer.from((await stored('checkpoint.safetensors')) ?? []);
    const here = await readFile(join(first.directory, 'checkpoint.safetensors'));
    expect(there.equals(here)).toBe(true);
    const second = await start(4, 1);
    expect(await second.trainer.exited).toBe(0);
    expect(withoutTime(await theResult())).toEqual(withoutTime(straight));
  });

  test('that has ended answers again in another directory, without training', async () => {
    const first = await start(1);
    expect(await first.trainer.exited).toBe(0);
    const second = await start(1, 1);
    expect(await second.trainer.exited).toBe(0);
    expect(second.trainer.log).toContain('result.json is back from an earlier attempt');
    const results = (await reported('result')).map(({ attempt, body }) => ({ attempt, body }));
    expect(results.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(results[1]?.body).toEqual(results[0]?.body);
  });

  test('whose broker dies trains on, waits with its result, and loses nothing', async () => {
    const straight = await undisturbed();
    const { trainer } = await start(4);
    await untilKept();
    await nats.kill();
    await eventually(() => expect(trainer.log).toContain('trying again'), PATIENCE_MS);
    expect(trainer.child.exitCode).toBeNull();
    await nats.restart();
    expect(await trainer.exited).toBe(0);
    await eventually(() => connection.flush(), 20_000);
    const result = await theResult();
    expect(withoutTime(result)).toEqual(withoutTime(straight));
    expect(Object.keys(result.artifacts)).toHaveLength(FILES.length + 1);
  });

  test('that waits with its result and is asked to end does so in time, and the next one goes on', async () => {
    const straight = await undisturbed();
    const first = await start(4);
    await untilKept();
    await nats.kill();
    await eventually(() => expect(first.trainer.log).toContain('trying again'), PATIENCE_MS);
    const before = performance.now();
    first.trainer.child.kill('SIGTERM');
    expect(await first.trainer.exited).toBe(75);
    expect((performance.now() - before) / 1000).toBeLessThan(27);
    await nats.restart();
    const second = await start(4, 1);
    expect(await second.trainer.exited).toBe(0);
    await eventually(() => connection.flush(), 20_000);
    expect(withoutTime(await theResult())).toEqual(withoutTime(straight));
  });
});
