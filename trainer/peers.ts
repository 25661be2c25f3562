// The other workers of a trial, as the environment names them: BIONAS_PEERS has host:port of each, by rank and with commas between,
// BIONAS_RANK says which of them this process is, BIONAS_PEER_SECONDS how long to wait for the others (600).
import { z } from 'zod';
import type { Peers } from './executors/index.ts';
import { BadInputError } from './training/index.ts';

const Fields = z
  .object({
    addresses: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.string().regex(/^.+:\d+$/))),
    rank: z.string().regex(/^\d+$/).transform(Number),
    seconds: z.coerce.number().positive().max(1_000_000).default(600),
  })
  .refine(({ addresses, rank }) => rank < addresses.length);

/** `peers`: undefined for one that trains alone. `flaw`: what is wrong with the environment. */
export interface Peering {
  readonly peers?: Peers;
  readonly flaw?: BadInputError;
}

export function peersOf(env: Readonly<Record<string, string | undefined>>): Peering {
  const addresses = env['BIONAS_PEERS'];
  if (addresses === undefined || addresses === '') return {};
  const [rank, seconds] = [env['BIONAS_RANK'], env['BIONAS_PEER_SECONDS']];
  const { data } = Fields.safeParse({ addresses, rank, seconds });
  if (data === undefined) {
    const flaw = new BadInputError(
      `BIONAS_PEERS, BIONAS_RANK and BIONAS_PEER_SECONDS: expected host:port of every worker with commas between, the place of this one among them and a number of seconds, got ${addresses}, ${rank} and ${seconds}`,
    );
    return { flaw };
  }
  if (data.addresses.length === 1) return {};
  const { addresses: all, rank: place, seconds: patience } = data;
  return { peers: { rank: place, addresses: all, patienceMs: 1000 * patience } };
}
