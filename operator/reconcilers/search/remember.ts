// What a search is known by after a restart, or why it cannot begin: that is said on the search itself.
import { isDeepStrictEqual } from 'node:util';
import type { BioNASSearch, BioNASSearchStatus, SearchReason, Trial } from '../../../crds/index.ts';
import {
  type Clock,
  type EventRecorder,
  keyOf,
  type Live,
  type ObjectClient,
  type ReconcileResult,
  TerminalError,
} from '../../runtime/index.ts';
import { HistoryMismatchError, WarmStartError } from '../../search/index.ts';
import { setCondition } from '../conditions.ts';
import type { Ledger, OtherSearches } from '../ports.ts';
import { devicesOfTrial, type TrainerDefaults } from '../trial/index.ts';
import type { SearchMemory } from './memory.ts';
import { beginFromOther } from './other-search.ts';
import { recall } from './recall.ts';

interface RememberOptions {
  readonly searchClient: ObjectClient<BioNASSearch>;
  readonly ledger: Ledger;
  readonly others: OtherSearches;
  readonly clock: Clock;
  readonly trainer: Pick<TrainerDefaults, 'template'>;
  readonly events: EventRecorder;
}

/** How often another search is looked for. */
const LOOK_AGAIN_MS = 10_000;

const LEDGER_LOST = {
  type: 'Warning',
  reason: 'LedgerLost',
  message: 'the ledger had lost records: the search goes on from what its Trials say',
} as const;

/** `later` where the search cannot begin yet, or never. @throws TerminalError where its spec or history is wrong */
export async function remember(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  options: RememberOptions,
): Promise<{ readonly memory: SearchMemory } | { readonly later: ReconcileResult }> {
  const { ledger, others, clock, events, trainer } = options;
  try {
    const obstacle = await beginFromOther(search, trials, { ledger, others, now: clock.now() });
    if (obstacle?.kind === 'wait') {
      await say(search, { reason: 'WarmStartPending', message: obstacle.message }, options);
      return { later: { requeueAfter: LOOK_AGAIN_MS } };
    }
    if (obstacle !== undefined) {
      await fail(search, { reason: 'WarmStartFailed', message: obstacle.message }, options);
      return { later: {} };
    }
    const { trialTemplate: template, sharing } = search.spec;
    const devices = devicesOfTrial({ template, sharing }, trainer.template);
    const memory = await recall(search, trials, { ledger, devices });
    if (memory.rebuilt) events.record(search, LEDGER_LOST);
    return { memory };
  } catch (error) {
    if (!(error instanceof HistoryMismatchError || error instanceof WarmStartError)) throw error;
    await say(search, { reason: 'InvalidSpec', message: error.message }, options);
    throw new TerminalError(error.message, { cause: error });
  }
}

interface Why {
  readonly reason: SearchReason;
  readonly message: string;
}

type Saying = Pick<RememberOptions, 'searchClient' | 'clock' | 'events'>;

/** It is not ready. */
async function say(search: Live<BioNASSearch>, why: Why, options: Saying): Promise<void> {
  const conditions = unready(search, why, options.clock);
  if (!isDeepStrictEqual(conditions, search.status?.conditions))
    await options.searchClient.patchStatus(keyOf(search), { conditions });
}

async function fail(
  search: Live<BioNASSearch>,
  why: Why,
  { searchClient, clock, events }: Saying,
): Promise<void> {
  const completionTime = new Date(clock.now()).toISOString();
  const judgement = judgementOf(search, clock);
  const failed = { type: 'Failed', status: 'True', ...why } as const;
  const conditions = setCondition(unready(search, why, clock), failed, judgement);
  await searchClient.patchStatus(keyOf(search), { phase: 'Failed', conditions, completionTime });
  events.record(search, { type: 'Warning', ...why });
}

function unready(
  search: Live<BioNASSearch>,
  why: Why,
  clock: Clock,
): BioNASSearchStatus['conditions'] {
  const ready = { type: 'Ready', status: 'False', ...why } as const;
  return setCondition(search.status?.conditions ?? [], ready, judgementOf(search, clock));
}

const judgementOf = ({ metadata: { generation = 0 } }: Live<BioNASSearch>, clock: Clock) => ({
  generation,
  now: new Date(clock.now()).toISOString(),
});
