// The bus on a real nats-server: what decides arrives, and is given back until it is acknowledged, whatever is killed.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NatsClosedError, type NatsLink } from '../../../../operator/adapters/nats/index.ts';
import type { Nats } from '../../../../scripts/cluster/index.ts';
import { eventually } from '../../runtime/eventually.ts';
import { Listener, linkTo, startServer } from './nats-world.ts';

const FLOOD = fileURLToPath(new URL('flood-writer.ts', import.meta.url));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const subject = (kind: string, trial = 'trial') => `bionas.default.night.${trial}.${kind}`;

/** Resolves once the server keeps the message; tried again through an outage, under one id. */
async function send(link: NatsLink, kind: string, data: unknown, trial?: string): Promise<void> {
  const bytes = typeof data === 'string' ? data : JSON.stringify(data);
  const options = { msgID: `${trial} ${kind} ${bytes}`.slice(0, 100), timeout: 1_000 };
  await eventually(async () => {
    await jetstream(link.connection).publish(subject(kind, trial), bytes, options);
  }, 60_000);
}

/** Ready to hear: what is sent from now on arrives. */
async function listening(listener: Listener): Promise<Listener> {
  await eventually(() => expect(listener.bus.hearingSince()).toBeDefined());
  return listener;
}

/** Says something live until it is heard: whoever has just begun to listen may miss the first. */
async function hears(listener: Listener, link: NatsLink, kind: string, data: unknown) {
  await eventually(async () => {
    link.connection.publish(subject(kind), JSON.stringify(data));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(listener.data).toContain(data);
  });
}

async function kept(link: NatsLink): Promise<number> {
  const { streams } = await jetstreamManager(link.connection);
  return (await streams.info('BIONAS_REPORTS')).state.messages;
}

test('results and failures arrive in their order, with their data as it was sent', async () => {
  const link = await linkTo(await startServer());
  const listener = await listening(new Listener(link));
  await send(link, 'result', { a: 1 });
  await send(link, 'failure', 'no JSON');
  await send(link, 'result', [1]);
  await eventually(() => expect(listener.data).toEqual([{ a: 1 }, 'no JSON', [1]]));
  expect(listener.heard[0]?.subject).toBe('bionas.default.night.trial.result');
  await eventually(async () => expect(await kept(link)).toBe(0));
});

test('what was reported before anyone listened comes first', async () => {
  const link = await linkTo(await startServer());
  await (await listening(new Listener(link))).leave();
  for (const i of numbers(20)) await send(link, 'result', i);
  const listener = new Listener(link);
  await eventually(() => expect(listener.data).toEqual(numbers(20)));
});

test('progress and epochs arrive too, and nobody keeps them', async () => {
  const link = await linkTo(await startServer());
  link.connection.publish(subject('progress'), '"too early"');
  const listener = await listening(new Listener(link));
  await hears(listener, link, 'progress', 1);
  await hears(listener, link, 'epoch', 2);
  expect(new Set(listener.data)).toEqual(new Set([1, 2]));
  expect(await kept(link)).toBe(0);
});

describe('what nobody acknowledged', () => {
  test('comes to the next subscriber at once when this one leaves in good order', async () => {
    const link = await linkTo(await startServer());
    const first = await listening(new Listener(link, { ackWaitMs: 60_000 }, () => false));
    for (const i of numbers(5)) await send(link, 'result', i);
    await eventually(() => expect(first.data).toEqual(numbers(5)));
    await first.leave();
    const second = new Listener(link, { ackWaitMs: 60_000 });
    await eventually(() => expect(second.data.toSorted()).toEqual(numbers(5)));
  });

  test('comes to the next subscriber after a while when this one died', async () => {
    const server = await startServer();
    const dying = await linkTo(server);
    const first = await listening(new Listener(dying, { ackWaitMs: 1_000 }, () => false));
    const link = await linkTo(server);
    await send(link, 'result', 1);
    await eventually(() => expect(first.data).toEqual([1]));
    await dying.close();
    await expect(first.ended).rejects.toThrow(NatsClosedError);
    const second = new Listener(link, { ackWaitMs: 1_000 });
    await eventually(() => expect(second.data).toEqual([1]));
  });

  test('does not come twice to who is still at it, however long it takes', async () => {
    const link = await linkTo(await startServer());
    const slow = await listening(new Listener(link, { ackWaitMs: 200 }, () => false));
    await send(link, 'result', 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(slow.data).toEqual([1]);
    slow.heard[0]?.ack();
    slow.heard[0]?.ack();
    await eventually(async () => expect(await kept(link)).toBe(0));
  });

  test('comes again, and later each time, while who has it does not know what to do with it', async () => {
    const link = await linkTo(await startServer());
    const times: number[] = [];
    const listener = new Listener(link, {}, (delivery) => {
      times.push(performance.now());
      if (times.length < 4) delivery.again?.();
      return times.length === 4;
    });
    await listening(listener);
    await send(link, 'result', 'of a trial that is not known yet');
    await eventually(() => expect(times).toHaveLength(4), 10_000);
    const waits = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(waits.map((wait, i) => wait > 200 * 2 ** i)).toEqual([true, true, true]);
    await eventually(async () => expect(await kept(link)).toBe(0));
  });

  test('is bounded: more comes as it is acknowledged', async () => {
    const link = await linkTo(await startServer());
    const listener = await listening(new Listener(link, { maxAckPending: 10 }, () => false));
    for (const i of numbers(30)) await send(link, 'result', i);
    await eventually(() => expect(listener.heard.length).toBe(10));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(listener.heard.length).toBe(10);
    for (let done = 0; done < 30; done += 1) await eventually(() => listener.heard[done]!.ack());
    expect(listener.data).toEqual(numbers(30));
  });
});

describe('outages', () => {
  const OUTAGES: [string, (server: Nats, link: NatsLink) => Promise<unknown>][] = [
    ['the server is killed and comes back', (server) => server.restart()],
    [
      'the consumer is deleted by hand',
      async (_, link) =>
        (await jetstreamManager(link.connection)).consumers.delete(
          'BIONAS_REPORTS',
          'bionas-operator',
        ),
    ],
    [
      'the stream is deleted by hand',
      async (_, link) => (await jetstreamManager(link.connection)).streams.delete('BIONAS_REPORTS'),
    ],
    ['the disk is lost', (server) => server.restart({ keepDisk: false })],
  ];

  test.each(OUTAGES)('%s: reports go on, and say since when', async (_, disturb) => {
    const server = await startServer();
    const link = await linkTo(server);
    const listener = await listening(new Listener(link));
    const since = listener.bus.hearingSince() ?? 0;
    await send(link, 'result', 'before');
    await eventually(() => expect(listener.data).toEqual(['before']));
    await disturb(server, link);
    await send(link, 'result', 'after');
    await eventually(() => expect(listener.data).toEqual(['before', 'after']));
    expect(listener.bus.hearingSince()).toBeGreaterThan(since);
    await hears(listener, link, 'progress', 'live');
  });

  test('while the server is away, nothing is heard', async () => {
    const server = await startServer();
    const listener = await listening(new Listener(await linkTo(server)));
    await server.kill();
    await eventually(() => expect(listener.bus.hearingSince()).toBeUndefined());
  });

  test('an acknowledgement of a report whose stream was lost hits no other', async () => {
    const server = await startServer();
    const link = await linkTo(server);
    const listener = await listening(new Listener(link, {}, () => false));
    await send(link, 'result', 'old');
    await eventually(() => expect(listener.data).toEqual(['old']));
    await server.restart({ keepDisk: false });
    await send(link, 'result', 'new');
    await eventually(() => expect(listener.data).toEqual(['old', 'new']));
    listener.heard[0]?.ack();
    await link.connection.flush();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await kept(link)).toBe(1);
  });

  test('kills in the middle of 1,000 results lose none; each is done once it is acknowledged', async () => {
    const server = await startServer();
    const sender = await linkTo(server);
    const listener = await listening(new Listener(await linkTo(server), { ackWaitMs: 1_000 }));
    let sending = true;
    const kills = (async () => {
      while (sending) {
        await new Promise((resolve) => setTimeout(resolve, 400));
        if (sending) await server.restart();
      }
    })();
    const next = numbers(1000).values();
    const worker = async () => {
      for (const i of next) await send(sender, 'result', i, `trial-${i}`);
    };
    await Promise.all(numbers(8).map(worker));
    sending = false;
    await kills;
    await eventually(async () => expect(await kept(sender)).toBe(0), 30_000);
    const heard = [...new Set(listener.data as number[])].toSorted((a, b) => a - b);
    expect(heard).toEqual(numbers(1000));
    // An acknowledgement that died with the server makes a report come again, no more than that.
    expect(listener.heard.length).toBeLessThan(1_300);
  });
});

test('a flood of progress delays no result, and is not listened to', async () => {
  const server = await startServer();
  const link = await linkTo(server);
  const listener = await listening(new Listener(link));
  await hears(listener, link, 'progress', 'live');
  const flood = spawn(process.execPath, [FLOOD, server.url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void flood.kill('SIGKILL'));
  const sent = text(flood.stdout);
  await eventually(() => expect(listener.metrics.of('bus_live_pauses_total')).toBeGreaterThan(0));
  const before = listener.heard.length;
  const begun = performance.now();
  const delays: number[] = [];
  for (const i of numbers(40)) {
    const sentAt = performance.now();
    await send(link, 'result', i);
    await eventually(() => expect(listener.data.lastIndexOf(i)).toBeGreaterThanOrEqual(before));
    delays.push(performance.now() - sentAt);
  }
  const seconds = (performance.now() - begun) / 1000;
  flood.stdin.end();
  const live = listener.heard.length - before - 40;
  expect(Number(await sent)).toBeGreaterThan(2 * live);
  expect(live).toBeLessThan(4_000 * (seconds + 1));
  const [median = 0] = delays.toSorted((a, b) => a - b).slice(20);
  expect(median).toBeLessThan(250);
});

test('a reader that is slow misses live reports, which are counted, and no result', async () => {
  const link = await linkTo(await startServer());
  const slow = async () => {
    await delay(5);
    return true;
  };
  const listener = await listening(new Listener(link, { liveLimit: 10 }, slow));
  await hears(listener, link, 'progress', 'live');
  const flooded = numbers(200).map((i) => ({ i }));
  for (const data of flooded) link.connection.publish(subject('progress'), JSON.stringify(data));
  await link.connection.flush();
  await send(link, 'result', 'last');
  await eventually(() => expect(listener.data).toContain('last'));
  await eventually(() => {
    const live = listener.data.filter((data) => typeof data === 'object').length;
    const dropped = listener.metrics.of('bus_live_dropped_total');
    expect(dropped).toBeGreaterThan(0);
    expect(live + dropped).toBe(200);
  });
});
