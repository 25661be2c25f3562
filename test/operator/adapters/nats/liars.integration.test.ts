// 100,000 messages of fuzz and forgery through a real nats-server: no trial believes one, nothing piles up, nothing ends.
import { jetstreamManager } from '@nats-io/jetstream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NatsBus } from '../../../../operator/adapters/nats/index.ts';
import { ReportInbox } from '../../../../operator/reconcilers/trial/index.ts';
import { ClockSteps, silentLogger, systemClock } from '../../../../operator/runtime/index.ts';
import { resultReport } from '../../../builders/objects.ts';
import { eventually } from '../../runtime/eventually.ts';
import { Counts, linkTo, startServer } from './nats-world.ts';

const SEED = 20_261;
const MESSAGES = 100_000;
/** The one trial that there is. */
const UID = 'night-0-uid';
const genuine = (sequence: number) => ({ ...resultReport(), trial: UID, sequence });

interface Sent {
  readonly subject: string;
  readonly data: Uint8Array | string;
}

const kind = fc.constantFrom('result', 'failure', 'progress', 'epoch', 'nonsense');
const liar = fc.integer({ max: 5_000, min: 0 }).map((number) => `liar-${number}`);
const place = fc.tuple(liar, kind).map(([trial, last]) => `bionas.default.night.${trial}.${last}`);

/** A result with one field, somewhere in it, put to something else. */
const bent = fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([pick, value]) => {
  const report = structuredClone(genuine(1)) as Record<string, unknown>;
  const fields: [Record<string, unknown>, string][] = [];
  const collect = (object: Record<string, unknown>): void => {
    for (const [name, each] of Object.entries(object)) {
      fields.push([object, name]);
      if (typeof each === 'object' && each !== null) collect(each as Record<string, unknown>);
    }
  };
  collect(report);
  const [object, name] = fields[pick % fields.length]!;
  object[name] = value;
  return report;
});

const fuzz: fc.Arbitrary<Sent> = fc.record({
  subject: place,
  data: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc.json({ maxDepth: 3 }),
    fc.nat(200).map((depth) => '['.repeat(100 * depth)),
    bent.map((report) => JSON.stringify(report)),
    // A result, in full form, of the trial that there is; but not where that trial may speak.
    fc.constant(JSON.stringify(genuine(2))),
    // Of a trial that there is not.
    liar.map((trial) => JSON.stringify({ ...genuine(3), trial })),
  ),
});

test(`seed ${SEED}: of ${MESSAGES} fuzzed and forged messages none counts`, async () => {
  const link = await linkTo(await startServer());
  const metrics = new Counts();
  const parts = { clock: systemClock, logger: silentLogger, metrics };
  const bus = new NatsBus({ link, ...parts });
  const inbox = new ReportInbox({
    bus,
    subject: 'bionas.>',
    ...parts,
    steps: new ClockSteps(systemClock),
    keyOf: (uid) => (uid === UID ? { namespace: 'default', name: 'night-0' } : undefined),
    knowsAll: () => true,
  });
  const stop = new AbortController();
  const running = inbox.run(stop.signal);
  await eventually(() => expect(bus.hearingSince()).toBeDefined());

  // Before the flood: in it, live reports may be left out.
  link.connection.publish('bionas.default.night.liar.progress', 'x'.repeat(300_000));
  await eventually(() => expect(metrics.of('bus_oversized_total')).toBe(1));

  const sample = fc.sample(fuzz, { numRuns: 5_000, seed: SEED });
  const before = process.memoryUsage().rss;
  let most = before;
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    const { subject, data } = sample[sent % sample.length]!;
    link.connection.publish(subject, data);
    if (sent === MESSAGES / 2)
      link.connection.publish(`bionas.default.night.${UID}.result`, JSON.stringify(genuine(0)));
    if (sent % 500 !== 0) continue;
    await link.connection.flush();
    most = Math.max(most, process.memoryUsage().rss);
  }
  link.connection.publish('bionas.default.night.liar.result', 'x'.repeat(300_000));

  const { streams } = await jetstreamManager(link.connection);
  await eventually(async () => {
    expect((await streams.info('BIONAS_REPORTS')).state.messages).toBe(1);
  }, 60_000);
  expect(inbox.pending(UID).map(({ report }) => report)).toEqual([genuine(0)]);
  expect(metrics.of('reports_malformed_total')).toBeGreaterThan(MESSAGES / 5);
  for (let number = 0; number <= 5_000; number += 1)
    expect(inbox.pending(`liar-${number}`).length).toBe(0);
  expect((most - before) / 1e6).toBeLessThan(200);

  inbox.settle(UID, inbox.pending(UID));
  await eventually(async () => {
    expect((await streams.info('BIONAS_REPORTS')).state.messages).toBe(0);
  });
  stop.abort();
  await running;
});
