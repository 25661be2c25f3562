// One TF_SessionRun: handles in, handles out, on a thread of libuv's pool so that the event loop stays free.
import { ExecutorError } from '../executor.ts';
import { type CApi, type Handle, type Output, packOutputs } from './c-api.ts';
import { throwIfFailed } from './status.ts';

/** What a run feeds, fetches and must have done, as C reads it. */
export interface Signature {
  readonly feeds: BigUint64Array;
  readonly feedCount: number;
  readonly fetches: BigUint64Array;
  readonly fetchCount: number;
  readonly targets: BigUint64Array;
  readonly targetCount: number;
}

export const packSignature = ({
  feeds = [],
  fetches = [],
  targets = [],
}: {
  feeds?: readonly Output[];
  fetches?: readonly Output[];
  targets?: readonly Handle[];
}): Signature => ({
  feeds: packOutputs(feeds),
  feedCount: feeds.length,
  fetches: packOutputs(fetches),
  fetchCount: fetches.length,
  targets: BigUint64Array.from([...targets, 0n]),
  targetCount: targets.length,
});

export interface RunRequest {
  /** opens the error, e.g. "entry step" */
  readonly doing: string;
  readonly signature: Signature;
  /** Tensors in the order of the signature's feeds; they stay the caller's. */
  readonly feeds: readonly Handle[];
}

/** @returns tensors in the order of the signature's fetches, for the caller to delete */
export async function runSession(
  api: CApi,
  session: Handle,
  { doing, signature, feeds }: RunRequest,
): Promise<readonly Handle[]> {
  if (signature.fetchCount + signature.targetCount === 0) return [];
  const status = api.newStatus();
  const fed = BigUint64Array.from([...feeds, 0n]);
  const fetched = new BigUint64Array(signature.fetchCount + 1);
  try {
    await new Promise<void>((resolve, reject) => {
      const { feeds: fedAt, feedCount, fetches, fetchCount, targets, targetCount } = signature;
      const inputs = [fedAt, fed, feedCount] as const;
      const outputs = [fetches, fetched, fetchCount] as const;
      const rest = [targets, targetCount, null, status] as const;
      api.sessionRun.async(session, null, ...inputs, ...outputs, ...rest, (error: unknown) =>
        error == null ? resolve() : reject(new ExecutorError(`${doing}: ${error}`)),
      );
    });
    throwIfFailed(api, doing, status);
    return [...fetched.subarray(0, signature.fetchCount)];
  } finally {
    api.deleteStatus(status);
  }
}
