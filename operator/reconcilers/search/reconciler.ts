// Brings one search to its end: recall, record what finished, propose, conclude, prune; status is written once at the end.
import {
  type BioNASSearch,
  BioNASSearchStatus,
  durationMs,
  type Trial,
} from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  type Clock,
  type Live,
  NotFoundError,
  type ObjectCache,
  type ObjectClient,
  type ObjectKey,
  type ReconcileResult,
  type Reconciler,
} from '../../runtime/index.ts';
import { type Decision, mayPropose } from '../../search/index.ts';
import { isTrue } from '../conditions.ts';
import type { Ledger } from '../ports.ts';
import { isFinished } from '../trial/index.ts';
import { conclude } from './conclude.ts';
import { recall, type SearchMemory, unrecorded } from './memory.ts';
import { type Standing, searchStatus } from './status.ts';
import { searchTrial } from './trial-object.ts';

export const OWNER_INDEX = 'owner';

export interface SearchReconcilerOptions {
  readonly searches: ObjectCache<BioNASSearch>;
  readonly searchClient: ObjectClient<BioNASSearch>;
  /** Indexed by owner's UID under OWNER_INDEX. */
  readonly trials: ObjectCache<Trial>;
  readonly trialClient: ObjectClient<Trial>;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** One look at one search. */
interface Look {
  readonly search: Live<BioNASSearch>;
  readonly status: BioNASSearchStatus;
  readonly memory: SearchMemory;
  readonly trials: readonly Live<Trial>[];
  readonly now: number;
  readonly deviceSeconds: number;
}

export function createSearchReconciler(options: SearchReconcilerOptions): Reconciler {
  const memories = new Map<string, SearchMemory>();
  return {
    reconcile: async (key) => {
      const search = options.searches.get(key);
      if (search === undefined || search.metadata.deletionTimestamp !== undefined) return {};
      if (isEnded(search)) return {};
      const { uid } = search.metadata;
      const trials = options.trials.byIndex(OWNER_INDEX, uid);
      const memory = memories.get(uid) ?? (await recall(search, trials, options.ledger));
      memories.set(uid, memory);
      try {
        return await reconcileSearch(
          lookAt(search, { memory, trials, now: options.clock.now() }),
          options,
        );
      } catch (error) {
        // What was half done is found again in objects and ledger.
        memories.delete(uid);
        throw error;
      }
    },
  };
}

const isEnded = ({ status }: BioNASSearch): boolean =>
  isTrue(status?.conditions, 'Completed') || isTrue(status?.conditions, 'Failed');

function lookAt(
  search: Live<BioNASSearch>,
  { memory, trials, now }: { memory: SearchMemory; trials: readonly Live<Trial>[]; now: number },
): Look {
  const used = memory.records.reduce((sum, record) => sum + record.deviceSeconds, 0);
  const using = trials
    .filter(({ metadata }) => !memory.has(metadata.uid))
    .reduce((sum, trial) => sum + runningSeconds(trial, now), 0);
  const status = search.status ?? BioNASSearchStatus.parse({});
  return { search, status, memory, trials, now, deviceSeconds: used + using };
}

function runningSeconds({ status }: Trial, now: number): number {
  if (status === undefined) return 0;
  const running = isTrue(status.conditions, 'Running') ? status.startTime : undefined;
  return status.deviceSeconds + (running === undefined ? 0 : (now - Date.parse(running)) / 1000);
}

async function reconcileSearch(
  look: Look,
  options: SearchReconcilerOptions,
): Promise<ReconcileResult> {
  const { search, memory } = look;
  for (const trial of unrecorded(look.trials, memory))
    await memory.record(trial, search, options.ledger);
  const decision = await propose(look, options);
  const standing = await stand(look, decision, options);
  await writeStatus(look, standing, options);
  await prune(look, options);
  return requeue(look, decision);
}

/** Fills the free places, one Trial after the other, and says why no more. */
async function propose(look: Look, options: SearchReconcilerOptions): Promise<Decision> {
  const { memory, search } = look;
  await createProposed(look, options);
  for (;;) {
    const decision = mayPropose({
      spec: search.spec,
      counts: { proposed: memory.proposed, failed: failures(memory) },
      elapsedMs: elapsedMs(look),
      deviceSeconds: look.deviceSeconds,
      outstanding: memory.outstanding,
      leaders: memory.searched.flatMap(({ objectives }) =>
        objectives === undefined ? [] : [objectives],
      ),
      ...(memory.exhausted === undefined ? {} : { exhausted: memory.exhausted }),
    });
    if (decision.kind !== 'propose') return decision;
    if (memory.ask()) await createProposed(look, options);
  }
}

async function createProposed(
  { search, memory }: Look,
  options: SearchReconcilerOptions,
): Promise<void> {
  for (let next = memory.uncreated[0]; next !== undefined; next = memory.uncreated[0]) {
    await createOnce(searchTrial(search, next, next.proposedAfter), options);
    memory.uncreated.shift();
  }
}

async function createOnce(trial: Trial, { trialClient }: SearchReconcilerOptions): Promise<void> {
  try {
    await trialClient.create(trial);
  } catch (error) {
    // The name follows from search and index, so what exists under it is what was wanted.
    if (!(error instanceof AlreadyExistsError)) throw error;
  }
}

const failures = (memory: SearchMemory): number =>
  memory.searched.filter(({ outcome }) => outcome === 'Failed').length;

const elapsedMs = ({ status, now }: Look): number =>
  status.startTime === undefined ? 0 : now - Date.parse(status.startTime);

async function stand(
  look: Look,
  decision: Decision,
  options: SearchReconcilerOptions,
): Promise<Standing> {
  const { search, memory } = look;
  if (decision.kind === 'propose') return { phase: 'Searching', reason: 'Searching', message: '' };
  const { reason, message } = decision;
  if (reason === 'Suspended') return { phase: 'Suspended', reason, message };
  if (decision.kind === 'wait' || memory.outstanding > 0)
    return { phase: 'Searching', reason: 'Searching', message };
  const { standing, wanted } = conclude(search, memory, { reason, message });
  for (const trial of wanted) await createOnce(trial, options);
  return standing;
}

async function writeStatus(
  look: Look,
  standing: Standing,
  options: SearchReconcilerOptions,
): Promise<void> {
  const { search, status: before, memory, trials, deviceSeconds } = look;
  const running = trials.filter((trial) => !isFinished(trial.status)).length;
  const judgement = {
    generation: search.metadata.generation ?? 0,
    now: new Date(look.now).toISOString(),
  };
  const status = searchStatus(
    { search, before, memory, running, deviceSeconds, standing },
    judgement,
  );
  await options.searchClient.patchStatus(keyOf(search), status);
}

/** Deletes the oldest finished Trials that the ledger has, past history.keep. */
async function prune(
  { search, memory, trials }: Look,
  options: SearchReconcilerOptions,
): Promise<void> {
  const done = trials
    .filter(({ metadata }) => memory.has(metadata.uid))
    .toSorted((a, b) => b.spec.index - a.spec.index);
  for (const { metadata } of done.slice(search.spec.history.keep)) {
    const key = { namespace: metadata.namespace ?? '', name: metadata.name };
    await options.trialClient.delete(key, { uid: metadata.uid }).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }
}

/** A search with a limit on time must look at the clock when the time is over. */
function requeue(look: Look, decision: Decision): ReconcileResult {
  const { wallClock } = look.search.spec.budget;
  if (wallClock === undefined || decision.kind === 'conclude') return {};
  return { requeueAfter: Math.max(0, durationMs(wallClock) - elapsedMs(look)) + 10 };
}

const keyOf = ({ metadata }: Live<BioNASSearch>): ObjectKey => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});
