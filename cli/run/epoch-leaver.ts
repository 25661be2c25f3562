// Leaves in the directory what unfinished trials tell of their epochs, for others who look and for the run that goes on.
import { isFinished } from '../../operator/reconcilers/index.ts';
import type { Clock } from '../../operator/runtime/index.ts';
import { writeLiveEpochs } from '../run-directory/index.ts';
import type { LocalOperator } from './local-operator.ts';

/** All of them are written each time: of a thousand paused trials a megabyte. */
const EVERY_MS = 1_000;

interface Leaving {
  /** The last time. */
  readonly atOnce?: boolean;
}

/** Where there are new ones, once a second at most. The run goes on where the disk is full. */
export function epochLeaver(
  root: string,
  { live, trials }: Pick<LocalOperator, 'live' | 'trials'>,
  clock: Pick<Clock, 'monotonic'>,
): (leaving?: Leaving) => Promise<void> {
  let leftAt = -Infinity;
  return async ({ atOnce = false } = {}) => {
    // Until then trials are taken for gone, and what is known of them would be.
    if (!trials.hasSynced) return;
    const now = clock.monotonic();
    if (!atOnce && now - leftAt < EVERY_MS) return;
    const unfinished = trials.cache.list().filter(({ status }) => !isFinished(status));
    const news = live.news(new Set(unfinished.map(({ metadata }) => metadata.uid)));
    if (news === undefined) return;
    leftAt = now;
    await writeLiveEpochs(root, news).catch(() => undefined);
  };
}
