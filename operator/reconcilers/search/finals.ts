// Begins the trials of a final stage, in their order, as far as the budget has device time for them.
import type { Trial } from '../../../crds/index.ts';
import type { ObjectClient } from '../../runtime/index.ts';
import { mayTrainFinal } from '../../search/index.ts';
import { reservedForFinal } from './account.ts';
import type { Look } from './look.ts';
import { createOnce } from './propose.ts';

/** Creates those of `wanted` that are not there yet. Gives why no more will ever be, where the device time ended it. */
export async function beginFinals(
  look: Look,
  wanted: readonly Trial[],
  trialClient: ObjectClient<Trial>,
): Promise<string | undefined> {
  const there = new Set(look.trials.map(({ metadata }) => metadata.name));
  const begun: Trial[] = [];
  for (const trial of wanted) {
    if (there.has(trial.metadata.name)) continue;
    const account = reservedForFinal(look, trial, begun);
    const decision = mayTrainFinal(account);
    if (decision.kind !== 'propose')
      return account.outstanding > 0
        ? undefined
        : `the final stage was cut short: ${decision.message}`;
    await createOnce(trial, trialClient);
    begun.push(trial);
  }
  return undefined;
}
