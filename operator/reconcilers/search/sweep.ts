// Removes what searches left outside the API that were deleted while the broker was away, or with no operator there.
import type { BioNASSearch } from '../../../crds/index.ts';
import type { Clock, Logger, ObjectCache, Runnable } from '../../runtime/index.ts';
import type { Leftovers } from '../ports.ts';

export interface SweepOptions {
  /** Complete: an informer that has synced. Indexed by UID under `index`. */
  readonly searches: ObjectCache<BioNASSearch>;
  readonly index: string;
  readonly leftovers: Leftovers;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 600_000;

export function createSweep(options: SweepOptions): Runnable {
  const { clock, logger } = options;
  return {
    name: 'sweep of leftovers',
    async run(signal) {
      while (!signal.aborted) {
        await sweep(options).catch((error: unknown) =>
          logger.error('Sweep failed, trying again later', { error }),
        );
        await clock.sleep(EVERY_MS, signal).catch(() => {});
      }
    },
  };
}

export async function sweep({ searches, index, leftovers, logger }: SweepOptions): Promise<void> {
  for (const uid of await leftovers.searches()) {
    if (searches.byIndex(index, uid).length > 0) continue;
    logger.info('Removing what a deleted search left', { search: uid });
    await leftovers.forget(uid);
  }
}
