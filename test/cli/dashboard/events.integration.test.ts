// The stream of changes over HTTP: what changes is told, a reader that comes again is told what it has missed, and nothing twice.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Event, events, serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeRecord } from '../../builders/search-result.ts';

const NIGHT = '/api/searches/default/night';

const trialEnds = (folder: string, index: number): Promise<void> =>
  appendFile(
    join(folder, 'runs', 'night', 'ledger.jsonl'),
    `${JSON.stringify({ search: 'search-uid', record: makeRecord(index) })}\n`,
  );

/** The first events, as many as asked for. */
async function first(count: number, stream: AsyncGenerator<Event>): Promise<Event[]> {
  const read: Event[] = [];
  for await (const event of stream) if (read.push(event) === count) break;
  return read;
}

const namesIn = ({ data }: Event): string[] => data.trials.map(({ name }: never) => name);

test('a trial that ends is told to whoever listens, whole and with the search', async () => {
  const folder = await leaveNight();
  const { url, get } = await serveDashboard(folder);
  const { json: table } = await get(`${NIGHT}/trials`);
  const stop = new AbortController();
  const stream = events(`${url}${NIGHT}/events?after=${table.version}`, stop);
  const change = first(1, stream);
  await trialEnds(folder, 6);
  const [event] = await change;
  expect(event).toMatchObject({
    event: 'change',
    id: String(table.version + 1),
    data: { version: table.version + 1, search: { name: 'night' } },
  });
  expect(event?.data.trials).toEqual([expect.objectContaining({ name: 'night-0006', index: 6 })]);
  stop.abort();
});

test('a reader that comes again is told what it has missed and nothing else', async () => {
  const folder = await leaveNight();
  const { url, get } = await serveDashboard(folder);
  const { json: table } = await get(`${NIGHT}/trials`);
  const stop = new AbortController();
  const live = first(1, events(`${url}${NIGHT}/events?after=${table.version}`, stop));
  await trialEnds(folder, 6);
  const [seen] = await live;
  stop.abort();
  await trialEnds(folder, 7);
  await trialEnds(folder, 8);
  const again = new AbortController();
  const lastEventId = seen?.id ?? '';
  const reader = { signal: again.signal, lastEventId };
  const missed: string[] = [];
  for await (const event of events(`${url}${NIGHT}/events?after=0`, reader)) {
    expect(event.data.reset).toBeUndefined();
    missed.push(...namesIn(event));
    if (missed.length === 2) break;
  }
  expect(missed).toEqual(['night-0007', 'night-0008']);
  again.abort();
});

test('all who listen are told the same by one watcher', async () => {
  const folder = await leaveNight();
  const { url, get } = await serveDashboard(folder);
  const { json: table } = await get(`${NIGHT}/trials`);
  const stop = new AbortController();
  const readers = [1, 2, 3].map(() =>
    first(1, events(`${url}${NIGHT}/events?after=${table.version}`, stop)),
  );
  await trialEnds(folder, 6);
  const [a, b, c] = await Promise.all(readers);
  expect(a).toEqual(b);
  expect(b).toEqual(c);
  stop.abort();
});

test('a server that was killed and started again has its readers load the table again', async () => {
  const folder = await leaveNight();
  const before = await serveDashboard(folder);
  const { json: table } = await before.get(`${NIGHT}/trials`);
  await before.close();
  const { url } = await serveDashboard(folder, { port: Number(new URL(before.url).port) });
  const stop = new AbortController();
  const reader = { signal: stop.signal, lastEventId: String(table.version) };
  const [event] = await first(1, events(`${url}${NIGHT}/events`, reader));
  expect(event?.data).toMatchObject({ reset: true, trials: [], alphabet: [] });
  expect(event?.data.version).toBeGreaterThan(table.version);
  stop.abort();
});

test('one who was nowhere is told where the search stands', async () => {
  const { url } = await serveDashboard(await leaveNight({ owner: process.pid }));
  const stop = new AbortController();
  const [event] = await first(1, events(`${url}${NIGHT}/events`, stop));
  expect(event?.data).toMatchObject({ search: { phase: 'Finalizing' }, trials: [] });
  expect(event?.data.reset).toBeUndefined();
  stop.abort();
});

test('the stream is sent as it comes, by proxies too', async () => {
  const { url } = await serveDashboard(await leaveNight());
  const stop = new AbortController();
  const { headers } = await fetch(`${url}${NIGHT}/events`, { signal: stop.signal });
  expect(headers.get('content-type')).toBe('text/event-stream');
  expect(headers.get('x-accel-buffering')).toBe('no');
  expect(headers.get('content-encoding')).toBeNull();
  stop.abort();
});

test('a ledger that is damaged while one listens is told as a problem, and mended it goes on', async () => {
  const folder = await leaveNight();
  const { url, get } = await serveDashboard(folder);
  const { json: table } = await get(`${NIGHT}/trials`);
  const stop = new AbortController();
  const stream = events(`${url}${NIGHT}/events?after=${table.version}`, stop);
  const ledger = join(folder, 'runs', 'night', 'ledger.jsonl');
  const whole = await readFile(ledger);
  const problem = stream.next();
  await appendFile(ledger, 'oops\n');
  expect((await problem).value).toMatchObject({
    event: 'problem',
    data: { error: expect.stringMatching(/ledger.jsonl:6: expected a record of the search/) },
  });
  await writeFile(ledger, whole);
  await trialEnds(folder, 6);
  expect((await stream.next()).value).toMatchObject({ event: 'change' });
  stop.abort();
});
