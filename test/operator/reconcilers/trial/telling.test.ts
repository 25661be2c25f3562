// What the change of a Trial is told as: numbers, a line, spans. Events are the reconciler's own.
import { expect, test } from 'vitest';
import { markAgain, markFinished } from '../../../../operator/reconcilers/trial/status.ts';
import { type Turn, tell, traceReport } from '../../../../operator/reconcilers/trial/telling.ts';
import {
  noTracer,
  placeOf,
  type SpanEnd,
  type SpanOptions,
  silentLogger,
  type Tracer,
  traceparentOf,
} from '../../../../operator/runtime/index.ts';
import {
  judgedAt,
  makePod,
  makeReport,
  makeTrial,
  resultReport,
  START_MS,
} from '../../../builders/objects.ts';

const UID = 'night-0-uid';
const place = (part: string) => placeOf(UID, part, noTracer);

function listening() {
  const counted: string[] = [];
  const lines: string[] = [];
  const spans: (SpanOptions & SpanEnd & { readonly name: string })[] = [];
  const tracer: Tracer = {
    samples: () => true,
    start: (name, options = {}) => ({
      place: options.place ?? place(name),
      end: (how = {}) => void spans.push({ name, ...options, ...how }),
    }),
  };
  const metrics = {
    count: (name: string, labels = {}, by = 1) =>
      void counted.push([name, ...Object.values(labels), by].join(' ')),
    gauge() {},
    observe() {},
  };
  const info = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void lines.push(`${message}: ${fields['reason']}`);
  return { counted, lines, spans, tracer, metrics, logger: { ...silentLogger, info } };
}

const running = makeTrial().running().object;
const before = running.status ?? makeTrial().waiting().object.status;

function told(after: NonNullable<typeof before>, more: Partial<Turn> = {}) {
  const listeners = listening();
  if (before === undefined) throw new Error('it has a status');
  const pod = makePod().running(5).object;
  const turn = {
    trial: running,
    before,
    after,
    pod,
    device: 'accelerator',
    nowMs: START_MS,
  } as const;
  tell({ ...turn, nowMs: START_MS + 65_000, ...more }, listeners);
  return listeners;
}

const trained = { condition: 'Succeeded', reason: 'Trained', message: 'trained' } as const;
const spent = { ...before, deviceSeconds: 60 } as NonNullable<typeof before>;

test('a trial that ends well is one end, its device seconds, a line, and the spans of its Pod and itself', () => {
  const { counted, lines, spans } = told(markFinished(spent, trained, judgedAt(65)));
  expect(counted).toEqual([
    'device_seconds_total accelerator 60',
    'trials_ended_total succeeded Trained 1',
  ]);
  expect(lines).toEqual(['Trial ended: Trained']);
  const [pod, trial] = spans;
  expect(pod).toMatchObject({ name: 'pod', parent: place('trial'), place: place('attempt 0') });
  expect(trial).toMatchObject({
    name: 'trial',
    place: place('trial'),
    links: [placeOf('night-uid', 'search', noTracer)],
    startMs: START_MS,
    endMs: START_MS + 65_000,
  });
  expect(spans).toHaveLength(2);
});

test('one that fails says why in its span', () => {
  const end = { condition: 'Failed', reason: 'OutOfMemory', message: 'killed' } as const;
  const { counted, spans } = told(markFinished(spent, end, judgedAt(65)));
  expect(counted).toContain('trials_ended_total failed OutOfMemory 1');
  expect(spans.at(-1)).toMatchObject({ name: 'trial', failure: 'killed' });
});

test.each([
  ['by its own fault', true, 'OutOfMemory', 'trial'],
  ['by nobody it could help', false, 'Interrupted', 'none'],
] as const)(
  'a Pod that is replaced %s is a retry by cause',
  (_story, spendsRetry, reason, fault) => {
    const why = { reason, message: 'gone', spendsRetry };
    const { counted, lines, spans } = told(markAgain(spent, why, judgedAt(65)));
    expect(counted).toContain(`trial_retries_total ${reason} ${fault} 1`);
    expect(lines).toEqual([`Trial goes on with another Pod: ${reason}`]);
    expect(spans.map(({ name }) => name)).toEqual(['pod']);
  },
);

test('a promotion is no retry', () => {
  const why = { reason: 'Promoted', message: 'goes on', spendsRetry: false } as const;
  expect(told(markAgain(spent, why, judgedAt(65))).counted).not.toContainEqual(
    expect.stringMatching(/retries/),
  );
});

test('that its Pod runs is told as nothing: thousands do', () => {
  const waiting = makeTrial().waiting().object.status;
  const { counted, lines, spans } = told(before ?? spent, waiting && { before: waiting });
  expect([counted, lines, spans]).toEqual([[], [], []]);
});

test('a Pod that vanished before anyone saw it has a span all the same', () => {
  const { spans } = told(markFinished(spent, trained, judgedAt(65)), { pod: undefined });
  expect(spans[0]).toMatchObject({ name: 'pod', startMs: START_MS + 65_000 });
});

const delivered = (traceparent?: string) => ({
  report: resultReport(),
  arrivedMs: START_MS,
  traceparent,
  ack() {},
});

test('a report hangs below the span in which it was sent', () => {
  const { spans, tracer } = listening();
  const sender = { ...place('attempt 0'), spanId: 'abcdefabcdefabcd' };
  traceReport(delivered(traceparentOf(sender)), tracer);
  expect(spans).toMatchObject([{ name: 'apply report', parent: sender, startMs: START_MS }]);
});

test.each([
  ['none', undefined],
  ['nonsense', 'DROP TABLE'],
  ['the trace of another trial', traceparentOf(placeOf('other-uid', 'attempt 0', noTracer))],
])('a sender who names %s is put below the Pod that reported', (_what, traceparent) => {
  const { spans, tracer } = listening();
  traceReport(delivered(traceparent), tracer);
  expect(spans).toMatchObject([{ parent: place('attempt 0') }]);
});

test('a report of a later attempt is put below that one', () => {
  const { spans, tracer } = listening();
  const report = makeReport({ kind: 'failure', reason: 'TrainerFailed', message: 'no' }, 3);
  traceReport({ ...delivered(), report }, tracer);
  expect(spans).toMatchObject([{ parent: place('attempt 3') }]);
});
