// A run that needs the other workers ends in time: with what it gives, or with PeerLostError where one of them is gone or silent.
import { PeerLostError, type Peers } from '../executor.ts';
import { StatusError } from './status.ts';

/** TF_Code: CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE. */
const LOST_CODES = [1, 4, 10, 14];
/** What TensorFlow says where the cause has come from another worker. */
const ABORTED = 'Collective ops is aborted';

const isLoss = (error: unknown): error is StatusError =>
  error instanceof StatusError &&
  (LOST_CODES.includes(error.code) || error.message.includes(ABORTED));

/** A run that is given up for lost still holds its thread: the process can only end. @throws PeerLostError */
export async function amongPeers<T>(
  run: Promise<T>,
  { doing, peers: { rank, addresses, patienceMs } }: { doing: string; peers: Peers },
): Promise<T> {
  const here = `${doing}: worker ${rank} of ${addresses.length}`;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const waited = `has waited ${patienceMs / 1000} s for the others (${addresses.join(', ')})`;
    late.reject(new PeerLostError(`${here} ${waited}: one has not come, or hangs`));
  }, patienceMs);
  try {
    return await Promise.race([run, late.promise]);
  } catch (cause) {
    if (!isLoss(cause)) throw cause;
    throw new PeerLostError(`${here} has lost another: ${cause.message}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
