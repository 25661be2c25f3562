// What a cluster refuses or cannot be asked, with what to do about it.
import { TransportError, UnauthorizedError } from '../../operator/adapters/kubernetes/index.ts';
import {
  LedgerUnavailableError,
  NatsUnreachableError,
} from '../../operator/adapters/nats/index.ts';
import {
  DeadlineExceededError,
  ForbiddenError,
  NotFoundError,
} from '../../operator/runtime/index.ts';
import { PlaceError } from './place.ts';

/** What `work` throws, with advice where there is any. */
export async function withAdvice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const advice = adviceFor(cause);
    if (advice === undefined || !(cause instanceof Error)) throw cause;
    throw new PlaceError(`${cause.message}; ${advice}`, { cause });
  }
}

function adviceFor(error: unknown): string | undefined {
  if (error instanceof ForbiddenError)
    return 'reading needs the ClusterRole view of the namespace, editing edit (docs/cli.md, Rights)';
  if (error instanceof UnauthorizedError)
    return 'the credentials are not accepted: look at kubectl config view, or log in again';
  if (error instanceof TransportError || error instanceof DeadlineExceededError)
    return 'look whether kubectl version reaches the same cluster';
  if (error instanceof NatsUnreachableError || error instanceof LedgerUnavailableError)
    return 'leave out --nats (and $NATS_URL) to be told what the API server knows, or reach it by kubectl port-forward (docs/cli.md, Places)';
  if (error instanceof NotFoundError && error.message.includes('CustomResourceDefinition'))
    return 'install bionas there first (docs/install.md)';
  return undefined;
}
