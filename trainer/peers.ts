// The other workers of a trial, as the environment names them: BIONAS_PEERS has host:port of each, by rank and with commas between,
// BIONAS_RANK says which of them this process is, BIONAS_PEER_SECONDS how long to wait for the others (600).
import { z } from 'zod';
import type { Peers } from './executors/index.ts';
import { BadInputError } from './training/index.ts';

const Peering = z
  .object({
    addresses: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.string().regex(/^.+:\d+$/))),
    rank: z.string().regex(/^\d+$/).transform(Number),
    seconds: z.coerce.number().positive().max(1_000_000).default(600),
  })
  .refine(({ addresses, rank }) => rank < addresses.length);

/** Undefined for one that trains alone. @throws BadInputError */
export function peersOf(env: Readonly<Record<string, string | undefined>>): Peers | undefined {
  const addresses = env['BIONAS_PEERS'];
  if (addresses === undefined || addresses === '') return undefined;
  const [rank, seconds] = [env['BIONAS_RANK'], env['BIONAS_PEER_SECONDS']];
  const { data } = Peering.safeParse({ addresses, rank, seconds });
  if (data === undefined)
    throw new BadInputError(
      `BIONAS_PEERS, BIONAS_RANK and BIONAS_PEER_SECONDS: expected host:port of every worker with commas between, the place of this one among them and a number of seconds, got ${addresses}, ${rank} and ${seconds}`,
    );
  if (data.addresses.length === 1) return undefined;
  return { rank: data.rank, addresses: data.addresses, patienceMs: 1000 * data.seconds };
}
