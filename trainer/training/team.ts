// Workers that train one network together: what they agree on between steps. Every call is one that all of them make, in the same order;
// each waits there for the others.
import { createHash } from 'node:crypto';
import type { Session } from '../executors/index.ts';
import { ALONE, type Worker } from '../program/index.ts';
import { SHARE, SUM, SUMMED } from './worker-entries.ts';

export interface Team {
  readonly worker: Worker;
  /** Sums over all workers, in float32 where there are several. */
  sum(numbers: readonly number[]): Promise<readonly number[]>;
  /** Whether it is so for any of them. */
  any(holds: boolean): Promise<boolean>;
  /** What the worker of rank 0 says. */
  hear(text: string): Promise<string>;
  /** Gives all workers the variables of the one of rank 0. */
  share(): Promise<void>;
  /** @throws WorkersDifferError where variables are not the same everywhere, to the last bit */
  compare(): Promise<void>;
}

/** Workers that should hold the same variables do not. */
export class WorkersDifferError extends Error {
  override readonly name = 'WorkersDifferError';
}

/** One worker, alone. */
export const nobody: Team = {
  worker: ALONE,
  sum: async (numbers) => numbers,
  any: async (holds) => holds,
  hear: async (text) => text,
  share: async () => {},
  compare: async () => {},
};

/** Of a session on a program with the entries of worker-entries.ts. */
export function teamOf(session: Session, worker: Worker): Team {
  if (worker.world === 1) return nobody;
  const sum = (numbers: readonly number[]) => sumOf(session, numbers);
  return {
    worker,
    sum,
    any: async (holds) => ((await sum([holds ? 1 : 0]))[0] ?? 0) > 0,
    hear: (text) => heard(worker.rank === 0 ? text : '', sum),
    share: async () => void (await session.run(SHARE, {})),
    compare: async () => {
      const own = digestOf(await session.read());
      const sums = await sum(own);
      // Sums of whole numbers below 2^16: exact in float32.
      if (own.some((number, i) => sums[i] !== number * worker.world)) throw differing(worker);
    },
  };
}

async function sumOf(session: Session, numbers: readonly number[]): Promise<readonly number[]> {
  const data = new Float32Array(SUMMED);
  data.set(numbers);
  const { sums } = await session.run(SUM, { numbers: { dtype: 'float32', shape: [SUMMED], data } });
  return [...(sums?.data ?? [])].slice(0, numbers.length);
}

/** Byte by byte, after their number in halves: all of them numbers that float32 has. */
async function heard(text: string, sum: Team['sum']): Promise<string> {
  const bytes = Buffer.from(text);
  const [high = 0, low = 0] = await sum([Math.floor(bytes.length / 65_536), bytes.length % 65_536]);
  const said = Buffer.alloc(high * 65_536 + low);
  for (let from = 0; from < said.length; from += SUMMED) {
    const count = Math.min(SUMMED, said.length - from);
    said.set(await sum(Array.from({ length: count }, (_, i) => bytes[from + i] ?? 0)), from);
  }
  return said.toString();
}

/** 16 numbers of 16 bits. */
function digestOf(variables: Awaited<ReturnType<Session['read']>>): number[] {
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(variables))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const digest = hash.digest();
  return Array.from({ length: digest.length / 2 }, (_, i) => digest.readUInt16BE(2 * i));
}

const differing = ({ rank, world }: Worker): WorkersDifferError =>
  new WorkersDifferError(
    `worker ${rank} of ${world}: expected the same variables in all workers, got others. ` +
      'Processors of different kinds may round differently: let all workers of a trial run on nodes of one kind',
  );
