// Waits until the names of all workers lead somewhere: in a cluster that is a moment after a Pod has got its address, and TensorFlow
// takes a name that nobody knows for a worker that is lost.
import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PeerLostError, type Peers } from '../executor.ts';

const AGAIN_MS = 500;

interface Way {
  readonly find: (host: string) => Promise<unknown>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const SYSTEM: Way = { find: lookup, now: () => performance.now(), sleep: delay };

/** @throws PeerLostError where one leads nowhere for as long as the others are waited for */
export async function untilNamed(
  { rank, addresses, patienceMs }: Peers,
  { find, now, sleep }: Way = SYSTEM,
): Promise<void> {
  const deadline = now() + patienceMs;
  for (const host of addresses.map(hostOf))
    for (;;) {
      const cause = await find(host).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (cause === undefined) break;
      if (now() >= deadline)
        throw new PeerLostError(
          `worker ${rank} of ${addresses.length} has waited ${patienceMs / 1000} s for the name ${host}: no such worker has come`,
          { cause },
        );
      await sleep(AGAIN_MS);
    }
}

/** Of host:port; an IPv6 address is in brackets there. */
const hostOf = (address: string): string =>
  address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
