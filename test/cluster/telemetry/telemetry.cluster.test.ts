// What a real operator tells of a search that it runs: the page that Prometheus reads, traces at a collector, lines of log,
// Events. One search that goes well and one whose Pods are taken away.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trial } from '../../../crds/index.ts';
import { METRICS } from '../../../operator/metrics.ts';
import type { EnvVar } from '../../../operator/reconcilers/index.ts';
import { noTracer, placeOf, traceIdOf } from '../../../operator/runtime/index.ts';
import type { OperatorProcess } from '../../../scripts/cluster/index.ts';
import { OtlpReceiver, type ReceivedSpan } from '../../builders/otlp-receiver.ts';
import { familyOf, type Page, readPage, sumOf } from '../../builders/prometheus-text.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import type { SearchRoom } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';

const cluster = sharedCluster();
const TRIALS = 12;
/** There once the API server has been busy or away, and once a trainer has asked to be let in. */
const SELDOM = ['bionas_kubernetes_retries_total', 'bionas_nats_auth_seconds'];
/** Of the collector: the operator sends it, and says it to nobody else. */
const HEADER_SECRET = 'open-sesame-4711';
let trainMs = 200;
let room: SearchRoom;
let operator: OperatorProcess;
let staffed: StaffedRoom;
let collector: OtlpReceiver;

beforeAll(async () => {
  collector = await OtlpReceiver.start();
  staffed = await staffRoom({
    trainMs: () => trainMs,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${HEADER_SECRET}`,
    },
  });
  ({ room, operator } = staffed);
  await room.apply({ name: 'seen', trials: TRIALS, parallelism: 3 });
  await room.ended('seen');
});

afterAll(async () => {
  await staffed?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

const scrape = async (): Promise<Page> =>
  readPage(await (await fetch(`${operator.healthUrl}/metrics`)).text());

describe('the page that Prometheus reads', () => {
  test('has each metric that is described, and no other', async () => {
    const page = await scrape();
    const there = new Set(page.series.map((series) => familyOf(series, page)));
    const described = METRICS.map(({ name }) => `bionas_${name}`);
    expect([...there].filter((name) => !described.includes(name))).toEqual([]);
    expect(described.filter((name) => !there.has(name))).toEqual(SELDOM);
    for (const { name, kind, help } of METRICS) {
      if (!there.has(`bionas_${name}`)) continue;
      expect([name, page.types.get(`bionas_${name}`)]).toEqual([name, kind]);
      expect(page.help.get(`bionas_${name}`)).toBe(help);
    }
  });

  test('counts what happened', async () => {
    const page = await scrape();
    const succeeded = { outcome: 'succeeded', reason: 'Trained' };
    expect(sumOf(page, 'bionas_trials_ended_total', succeeded)).toBe(TRIALS);
    expect(sumOf(page, 'bionas_trials', { state: 'Succeeded' })).toBe(TRIALS);
    expect(sumOf(page, 'bionas_reports_total', { kind: 'result' })).toBeGreaterThanOrEqual(TRIALS);
    expect(sumOf(page, 'bionas_searches', { phase: 'Completed' })).toBe(1);
    expect(sumOf(page, 'bionas_leader_election_leading')).toBe(1);
    expect(sumOf(page, 'bionas_bus_connected')).toBe(1);
    expect(sumOf(page, 'bionas_device_seconds_total', { device: 'accelerator' })).toBeGreaterThan(
      0,
    );
    // The three trials at the end have none after them.
    expect(sumOf(page, 'bionas_result_to_next_trial_seconds_count')).toBe(TRIALS - 3);
    expect(sumOf(page, 'bionas_controller_reconcile_seconds_count')).toBeGreaterThan(TRIALS);
  });

  test('has no label whose value is the name or the UID of an object of the search', async () => {
    const trials = await room.trials();
    const names = trials.flatMap(({ metadata }) => [metadata.name, metadata.uid]);
    const { series } = await scrape();
    const values = series.flatMap(({ labels }) => Object.values(labels));
    expect(values.filter((value) => names.includes(value) || value === 'seen')).toEqual([]);
    expect(series.length).toBeLessThan(600);
  });
});

describe('traces', () => {
  const traceOf = (trial: Trial) => collector.of(traceIdOf(trial.metadata.uid ?? ''));

  test('each trial is one, from its creation over its Pod to the report', async () => {
    await eventually(async () => {
      for (const trial of await room.trials()) {
        const spans = traceOf(trial);
        const names = new Set(spans.map(({ name }) => name));
        for (const name of [
          'trial',
          'create Trial',
          'create Pod',
          'pod',
          'apply report',
          'reconcile',
        ])
          expect([name, names.has(name)]).toEqual([name, true]);
        expect(spans.filter(({ name }) => name === 'trial')).toHaveLength(1);
      }
    }, 15_000);
  });

  test('its parts hang below it, and it links to its search', async () => {
    const [trial] = await room.trials();
    if (trial === undefined) throw new Error('there are trials');
    const spans = traceOf(trial);
    const one = (name: string): ReceivedSpan | undefined =>
      spans.find((span) => span.name === name);
    const root = one('trial');
    const pod = one('pod');
    expect(root?.parentSpanId).toBeUndefined();
    for (const name of ['create Trial', 'create Pod', 'pod', 'reconcile'])
      expect([name, one(name)?.parentSpanId]).toEqual([name, root?.spanId]);
    expect(one('apply report')?.parentSpanId).toBe(pod?.spanId);
    expect(pod?.attributes).toMatchObject({
      'k8s.pod.name': `${trial.metadata.name}-0`,
      'k8s.node.name': expect.any(String),
      'bionas.search.name': 'seen',
    });
    const search = (await room.search('seen')).metadata.uid ?? '';
    const { traceId, spanId } = placeOf(search, 'search', noTracer);
    expect(root?.links).toMatchObject([{ traceId, spanId }]);
    const [whole] = collector.of(traceId);
    expect(whole).toMatchObject({ name: 'search', spanId });
    expect(Number(root?.startMs)).toBeGreaterThanOrEqual(Number(whole?.startMs) - 1_000);
  });

  test('the Pod is told where in the trace it is, and where the collector is', async () => {
    const [pod] = await room.pods();
    const containers = pod?.spec['containers'] as readonly { readonly env: readonly EnvVar[] }[];
    const env = new Map(containers[0]?.env.map(({ name, value }) => [name, value]));
    const uid = pod?.metadata.ownerReferences?.[0]?.uid ?? '';
    const { traceId, spanId } = placeOf(uid, 'attempt 0', noTracer);
    expect(env.get('TRACEPARENT')).toBe(`00-${traceId}-${spanId}-01`);
    expect(env.get('OTEL_EXPORTER_OTLP_ENDPOINT')).toBe(collector.endpoint);
  });
});

describe('a trial whose Pods are taken away, and which then fails', () => {
  beforeAll(async () => {
    trainMs = 3_600_000;
    await room.apply({ name: 'hurt', trials: 1 });
    for (const attempt of [0, 1, 2]) {
      await training(attempt);
      await room.kubectl(['delete', 'pod', `hurt-0000-${attempt}`, '--wait=false']);
    }
    await training(3);
    await end(3, { exitCode: 1, reason: 'Error', message: 'no pictures' });
    await training(4);
    await end(4, { exitCode: 137, reason: 'OOMKilled' });
    await room.ended('hurt');
  });

  const trial = async () =>
    (await room.trials()).find(({ metadata }) => metadata.name === 'hurt-0000');

  const training = (attempt: number) =>
    eventually(async () => {
      const { conditions = [], attempt: now } = (await trial())?.status ?? {};
      const running = conditions.find(({ type }) => type === 'Running');
      expect([now, running?.status]).toEqual([attempt, 'True']);
    }, 30_000);

  const end = (attempt: number, terminated: Readonly<Record<string, unknown>>) => {
    const finishedAt = new Date().toISOString();
    const state = { terminated: { startedAt: finishedAt, finishedAt, ...terminated } };
    const image = { ready: false, restartCount: 0, image: 'none', imageID: '' };
    const containerStatuses = [{ name: 'trainer', ...image, state }];
    const status = JSON.stringify({ status: { phase: 'Failed', containerStatuses } });
    const pod = `hurt-0000-${attempt}`;
    return room.kubectl([
      'patch',
      'pod',
      pod,
      '--subresource=status',
      '--type=merge',
      '-p',
      status,
    ]);
  };

  test('is counted as the retries that it was, by cause and fault', async () => {
    const page = await scrape();
    const retries = (cause: string, fault: string) =>
      sumOf(page, 'bionas_trial_retries_total', { cause, fault });
    expect(retries('Interrupted', 'none')).toBe(3);
    expect(retries('TrainerFailed', 'trial')).toBe(1);
    const failed = { outcome: 'failed', reason: 'OutOfMemory' };
    expect(sumOf(page, 'bionas_trials_ended_total', failed)).toBe(1);
  });

  test('is one trace with a span for each of its Pods, of which the whole has failed', async () => {
    const uid = (await trial())?.metadata.uid ?? '';
    await eventually(() => {
      const spans = collector.of(traceIdOf(uid));
      const pods = spans.filter(({ name }) => name === 'pod');
      expect(pods.map(({ attributes }) => Number(attributes['bionas.attempt']))).toEqual([
        0, 1, 2, 3, 4,
      ]);
      expect(spans.find(({ name }) => name === 'trial')?.failed).toBe(true);
    }, 10_000);
  });

  test('has fewer than five Events, one for each kind of trouble; those that went well have none', async () => {
    const { items } = JSON.parse(await room.kubectl(['get', 'events', '-o', 'json'])) as {
      items: readonly { involvedObject: { kind: string; name: string }; reason: string }[];
    };
    const ofTrials = items.filter(({ involvedObject }) => involvedObject.kind === 'Trial');
    expect(
      ofTrials.map(({ involvedObject, reason }) => `${involvedObject.name} ${reason}`).toSorted(),
    ).toEqual(['hurt-0000 Interrupted', 'hurt-0000 OutOfMemory', 'hurt-0000 TrainerFailed']);
    expect(ofTrials.length).toBeLessThan(5);
  });
});

describe('the log', () => {
  const lines = (): Readonly<Record<string, unknown>>[] =>
    operator.log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  test('is JSON, each line with its level, time and message', () => {
    for (const line of lines())
      expect(line).toMatchObject({
        level: expect.stringMatching(/^(info|error)$/),
        time: expect.stringMatching(/^20/),
        message: expect.any(String),
      });
  });

  test('says how each trial ended, with its search and the trace to look at', async () => {
    const ends = lines().filter(({ message }) => message === 'Trial ended');
    const trials = await room.trials();
    for (const { metadata, spec } of trials)
      expect(ends.filter(({ trial }) => trial === metadata.name)).toMatchObject([
        { search: spec.search, trace_id: traceIdOf(metadata.uid ?? '') },
      ]);
    expect(ends).toHaveLength(trials.length);
  });

  test('gives every line about a trial the same trace', async () => {
    const about = lines().filter(({ trial }) => trial === 'hurt-0000');
    expect(about.map(({ message }) => message)).toEqual([
      ...Array(4).fill('Trial goes on with another Pod'),
      'Trial ended',
    ]);
    expect(new Set(about.map(({ trace_id }) => trace_id)).size).toBe(1);
  });

  test('holds no secret, and neither does anything that others may read', async () => {
    expect(collector.authorizations).toEqual(new Set([`Bearer ${HEADER_SECRET}`]));
    const told = await room.kubectl(['get', 'bns,trials,pods,events', '-o', 'json']);
    const page = await (await fetch(`${operator.healthUrl}/metrics`)).text();
    for (const text of [operator.log, told, page])
      for (const secret of [cluster.token, HEADER_SECRET]) expect(text).not.toContain(secret);
  });
});
