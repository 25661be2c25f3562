// What a Pod of a cluster has written; followed, what it writes until it has ended, however often kubelet or API server begin anew.
import {
  type KubernetesClients,
  TransportError,
} from '../../operator/adapters/kubernetes/index.ts';
import { hasEnded, PODS, TRAINER_CONTAINER } from '../../operator/reconcilers/index.ts';
import {
  type Clock,
  DeadlineExceededError,
  InvalidError,
  NotFoundError,
  type ObjectKey,
} from '../../operator/runtime/index.ts';
import type { LogReading } from './place.ts';
import { StampedLines } from './stamped-lines.ts';

export interface PodReading extends LogReading {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** undefined where the Pod is gone, or has not begun to write. */
export async function logOf(
  clients: KubernetesClients,
  pod: ObjectKey,
  reading: PodReading,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const { follow, tailLines, signal } = reading;
  if (!follow) return begunOf(clients, pod, { tailLines, signal });
  const first = await begunOf(clients, pod, { tailLines, signal, ...FOLLOWED });
  return first && followed(first, { clients, pod, reading });
}

const FOLLOWED = { follow: true, timestamps: true };
const LOOK_MS = 500;

interface Followed {
  readonly clients: KubernetesClients;
  readonly pod: ObjectKey;
  readonly reading: PodReading;
}

async function* followed(
  first: AsyncIterable<Uint8Array>,
  { clients, pod, reading }: Followed,
): AsyncGenerator<Uint8Array> {
  const { tailLines, signal, clock } = reading;
  const lines = new StampedLines();
  let stream: AsyncIterable<Uint8Array> | undefined = first;
  for (let over = false; ; ) {
    if (stream !== undefined) yield* lines.unseen(untilCut(stream));
    if (over) return;
    await clock.sleep(LOOK_MS, signal);
    // Asked before the stream that follows: what is written after it is told by none.
    over = await isOver(clients, pod);
    const from = lines.last === undefined ? { tailLines } : { sinceTime: lines.last };
    stream = await begunOf(clients, pod, { ...from, signal, ...FOLLOWED });
  }
}

/** Whether its container writes no more. */
async function isOver(clients: KubernetesClients, pod: ObjectKey): Promise<boolean> {
  try {
    return hasEnded(await clients.of(PODS).get(pod));
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    throw error;
  }
}

/** A connection that breaks ends a stream, as its server may. */
async function* untilCut(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
  }
}

type PodLogOptions = Omit<Parameters<KubernetesClients['podLog']>[1], 'container'>;

/** With its first word, so that it is known whether there is any. */
async function begunOf(
  clients: KubernetesClients,
  pod: ObjectKey,
  options: PodLogOptions,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const chunks = clients
    .podLog(pod, { container: TRAINER_CONTAINER, ...options })
    [Symbol.asyncIterator]();
  try {
    return begunWith(await chunks.next(), chunks);
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof InvalidError) return undefined;
    // Of a log that is followed no answer comes before its first word.
    if (options.follow && error instanceof DeadlineExceededError) return undefined;
    throw error;
  }
}

async function* begunWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}
