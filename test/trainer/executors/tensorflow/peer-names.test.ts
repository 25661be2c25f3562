// Names of workers that are not there yet are waited for, as long as the workers are.
import { expect, test } from 'vitest';
import { PeerLostError } from '../../../../trainer/executors/executor.ts';
import { untilNamed } from '../../../../trainer/executors/tensorflow/peer-names.ts';

/** Hosts that have a name from so many ms on. */
function names(from: Readonly<Record<string, number>>) {
  let ms = 0;
  const asked: string[] = [];
  return {
    asked,
    now: () => ms,
    sleep: async (more: number) => {
      ms += more;
    },
    find: async (host: string) => {
      asked.push(host);
      if ((from[host] ?? Number.POSITIVE_INFINITY) > ms) throw new Error(`ENOTFOUND ${host}`);
    },
  };
}

const peers = (...addresses: string[]) => ({ rank: 0, addresses, patienceMs: 5_000 });

test('a name that comes late is waited for', async () => {
  const way = names({ 'a0-w0.night': 0, 'a0-w1.night': 3_000, '::1': 0 });
  await untilNamed(peers('a0-w0.night:2222', 'a0-w1.night:2222', '[::1]:2222'), way);
  expect(way.now()).toBe(3_000);
  expect(new Set(way.asked)).toEqual(new Set(['a0-w0.night', 'a0-w1.night', '::1']));
});

test('one that does not come is a worker that is lost', async () => {
  const way = names({ 'a0-w0.night': 0 });
  const waits = untilNamed(peers('a0-w0.night:2222', 'a0-w1.night:2222'), way);
  await expect(waits).rejects.toThrow(PeerLostError);
  await expect(waits).rejects.toThrow('worker 0 of 2 has waited 5 s for the name a0-w1.night');
  expect(way.now()).toBe(5_000);
});
