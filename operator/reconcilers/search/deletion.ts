// The end of a deleted search: its Trials go (and their Pods with them), then what it keeps outside the API, then its
// finalizer. Where the broker cannot be reached, the search goes all the same, and sweep.ts removes the rest later.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import {
  type Clock,
  keyOf,
  type Live,
  type Logger,
  NotFoundError,
  type ObjectClient,
  type ReconcileResult,
  withinDeadline,
} from '../../runtime/index.ts';
import type { Leftovers } from '../ports.ts';

export const FINALIZER = 'bionas.dev/leftovers';

interface DeletionOptions {
  readonly searchClient: ObjectClient<BioNASSearch>;
  readonly trialClient: ObjectClient<Trial>;
  readonly leftovers: Leftovers;
  readonly clock: Clock;
}

/** One try to forget. */
const FORGET_MS = 10_000;
/** A deletion waits for the broker no longer than this. */
const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 1_000;

const others = ({ metadata }: BioNASSearch): string[] =>
  (metadata.finalizers ?? []).filter((name) => name !== FINALIZER);

const isHeld = ({ metadata }: BioNASSearch): boolean =>
  metadata.finalizers?.includes(FINALIZER) ?? false;

/** Sees to it that the search cannot vanish before what it left is gone. */
export async function holdBack(
  search: Live<BioNASSearch>,
  { searchClient }: Pick<DeletionOptions, 'searchClient'>,
): Promise<void> {
  if (isHeld(search)) return;
  const finalizers = [...others(search), FINALIZER];
  const { resourceVersion } = search.metadata;
  await searchClient.patch(keyOf(search), { metadata: { finalizers } }, { resourceVersion });
}

/** One step of a deletion; called again until the search is gone. */
export async function letGo(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  options: DeletionOptions & { readonly logger: Logger },
): Promise<ReconcileResult> {
  if (!isHeld(search)) return {};
  if (trials.length > 0) {
    await deleteTrials(trials, options.trialClient);
    return { requeueAfter: LOOK_AGAIN_MS };
  }
  await forget(search, options);
  const { resourceVersion } = search.metadata;
  const patch = { metadata: { finalizers: others(search) } };
  await options.searchClient.patch(keyOf(search), patch, { resourceVersion }).catch(unlessGone);
  return {};
}

/** Those that the API does not know to go yet. */
export async function deleteTrials(
  trials: readonly Live<Trial>[],
  trialClient: ObjectClient<Trial>,
): Promise<void> {
  const staying = trials.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await Promise.all(
    staying.map((trial) =>
      trialClient.delete(keyOf(trial), { uid: trial.metadata.uid }).catch(unlessGone),
    ),
  );
}

async function forget(
  { metadata }: Live<BioNASSearch>,
  { leftovers, clock, logger }: DeletionOptions & { readonly logger: Logger },
): Promise<void> {
  const deadline = { clock, ms: FORGET_MS, reason: `removing what ${metadata.name} left` };
  try {
    await withinDeadline(deadline, leftovers.forget(metadata.uid));
  } catch (error) {
    const waitedMs = clock.now() - Date.parse(metadata.deletionTimestamp ?? '');
    if (waitedMs < PATIENCE_MS) throw error;
    logger.error('Deleted a search whose history is to be swept later', { error });
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}
