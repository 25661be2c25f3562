// Brings one search to its end: recall, record what finished, propose, conclude, prune; status is written once at the end.
import { isDeepStrictEqual } from 'node:util';
import {
  type BioNASSearch,
  BioNASSearchStatus,
  durationMs,
  type Trial,
} from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  type Clock,
  ConflictError,
  controllerOf,
  keyOf,
  keyText,
  type Live,
  NotFoundError,
  type ObjectCache,
  type ObjectClient,
  type ReconcileResult,
  type Reconciler,
  TerminalError,
} from '../../runtime/index.ts';
import { type Decision, HistoryMismatchError, mayPropose } from '../../search/index.ts';
import { isTrue, setCondition } from '../conditions.ts';
import type { Ledger } from '../ports.ts';
import { isFinished, runningSince } from '../trial/index.ts';
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
  /** Of Pods that have ended, and of those that run: the latter grows by itself, so no status may hold it. */
  readonly deviceSeconds: { readonly ended: number; readonly running: number };
}

export function createSearchReconciler(options: SearchReconcilerOptions): Reconciler {
  const memories = new Map<string, SearchMemory>();
  return {
    reconcile: async (key) => {
      const name = keyText(key);
      const search = options.searches.get(key);
      const known = memories.get(name);
      // What goes wrong half-way is found again in objects and ledger.
      memories.delete(name);
      if (search === undefined || search.metadata.deletionTimestamp !== undefined) return {};
      if (isEnded(search)) return {};
      const trials = options.trials.byIndex(OWNER_INDEX, search.metadata.uid);
      const memory =
        known?.search === search.metadata.uid ? known : await remember(search, trials, options);
      const look = lookAt(search, { memory, trials, now: options.clock.now() });
      const result = await reconcileSearch(look, options);
      memories.set(name, memory);
      return result;
    },
  };
}

/** Recalls the search, or says on it why that cannot be. */
async function remember(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  { ledger, clock, searchClient }: SearchReconcilerOptions,
): Promise<SearchMemory> {
  try {
    return await recall(search, trials, ledger);
  } catch (error) {
    if (!(error instanceof HistoryMismatchError)) throw error;
    const { generation = 0 } = search.metadata;
    const judgement = { generation, now: new Date(clock.now()).toISOString() };
    const { conditions = [] } = search.status ?? {};
    const change = { reason: 'InvalidSpec', message: error.message, status: 'False' } as const;
    const changed = setCondition(conditions, { type: 'Ready', ...change }, judgement);
    if (!isDeepStrictEqual(changed, conditions))
      await searchClient.patchStatus(keyOf(search), { conditions: changed });
    throw new TerminalError(error.message, { cause: error });
  }
}

const isEnded = ({ status }: BioNASSearch): boolean =>
  isTrue(status?.conditions, 'Completed') || isTrue(status?.conditions, 'Failed');

function lookAt(
  search: Live<BioNASSearch>,
  { memory, trials, now }: { memory: SearchMemory; trials: readonly Live<Trial>[]; now: number },
): Look {
  const used = memory.records.reduce((sum, record) => sum + record.deviceSeconds, 0);
  const live = trials.filter(({ metadata }) => !memory.has(metadata.uid));
  const ended = live.reduce((sum, { status }) => sum + (status?.deviceSeconds ?? 0), used);
  const running = live.reduce((sum, trial) => sum + runningSeconds(trial, now), 0);
  const status = search.status ?? BioNASSearchStatus.parse({});
  return { search, status, memory, trials, now, deviceSeconds: { ended, running } };
}

/** Of the Pod that runs now. */
const runningSeconds = ({ status }: Trial, now: number): number =>
  Math.max(0, now - (runningSince(status) ?? now)) / 1000;

async function reconcileSearch(
  look: Look,
  options: SearchReconcilerOptions,
): Promise<ReconcileResult> {
  const { search, memory } = look;
  for (const trial of unrecorded(look.trials, memory))
    await memory.record(trial, search, options.ledger);
  const decision = await propose(look, options);
  const standing = await stand(look, decision, options);
  await prune(look, options);
  await writeStatus(look, standing, options);
  return requeue(look, decision);
}

/** Once a final trial exists, what it was chosen from may not grow: an edit of the budget comes too late. */
const isFinalizing = ({ memory, trials }: Look): boolean =>
  memory.final.length > 0 || trials.some(({ spec }) => spec.purpose === 'Final');

const FINAL_STAGE: Decision = {
  kind: 'conclude',
  reason: 'BudgetSpent',
  message: 'the final stage had begun',
};

/** Fills the free places, one Trial after the other, and says why no more. */
async function propose(look: Look, options: SearchReconcilerOptions): Promise<Decision> {
  const { memory, trials } = look;
  memory.forgetDeleted(trials);
  await createProposed(look, options);
  for (;;) {
    const decision = decide(look);
    if (isFinalizing(look) && (decision.kind === 'propose' || decision.reason === 'Searching'))
      return FINAL_STAGE;
    if (decision.kind !== 'propose') return decision;
    if (memory.ask()) await createProposed(look, options);
  }
}

function decide(look: Look): Decision {
  const { search, memory, deviceSeconds } = look;
  return mayPropose({
    spec: search.spec,
    counts: { proposed: memory.proposed, failed: failures(memory) },
    elapsedMs: elapsedMs(look),
    deviceSeconds: deviceSeconds.ended + deviceSeconds.running,
    outstanding: memory.outstanding,
    leaders: memory.searched.flatMap(({ objectives, outcome }) =>
      objectives === undefined || outcome !== 'Trained' ? [] : [objectives],
    ),
    ...(memory.exhausted === undefined ? {} : { exhausted: memory.exhausted }),
  });
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
    if (!(error instanceof AlreadyExistsError)) throw error;
    // The name follows from search and index. What exists under it was wanted, unless the cache had not heard of it
    // when this was proposed, or it is left from a search of the same name.
    const there = await trialClient.get(keyOf(trial));
    if (isSame(there, trial)) return;
    const name = trial.metadata.name;
    throw new ConflictError(`Trial ${name} exists, but is not what is proposed now`, {
      cause: error,
    });
  }
}

const isSame = (a: Trial, b: Trial): boolean =>
  controllerOf(a)?.uid === controllerOf(b)?.uid &&
  a.spec.genotype === b.spec.genotype &&
  a.spec.proposedAfter === b.spec.proposedAfter;

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
  const { search, status: before, memory, trials } = look;
  const running = trials.filter((trial) => !isFinished(trial.status)).length;
  const judgement = {
    generation: search.metadata.generation ?? 0,
    now: new Date(look.now).toISOString(),
  };
  const deviceSeconds = look.deviceSeconds.ended;
  const status = searchStatus(
    { search, before, memory, running, deviceSeconds, standing },
    judgement,
  );
  if (!isDeepStrictEqual(status, search.status))
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
  const left = durationMs(wallClock) - elapsedMs(look);
  return left > 0 ? { requeueAfter: left } : {};
}
