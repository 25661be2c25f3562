// Brings one search to its end: recall, record what finished, propose, conclude, prune; status is written once at the end.
import { isDeepStrictEqual } from 'node:util';
import { type BioNASSearch, durationMs, isBeingRestored, type Trial } from '../../../crds/index.ts';
import {
  type Clock,
  type ClockSteps,
  type EventRecorder,
  keyOf,
  keyText,
  type Live,
  type ObjectCache,
  type ObjectClient,
  type ReconcileResult,
  type Reconciler,
  type Span,
  type Tracer,
} from '../../runtime/index.ts';
import type { Decision } from '../../search/index.ts';
import { isSettled } from '../conditions.ts';
import type { Pod } from '../objects.ts';
import type { Turnaround } from '../observing/index.ts';
import { avoidedBySearch, isOurs, OWNER_INDEX } from '../of-search.ts';
import type { Ledger, Leftovers, OtherSearches } from '../ports.ts';
import { type AvoidedNode, type TrainerDefaults, takesPlace } from '../trial/index.ts';
import { endedDeviceSeconds, reservedDeviceSeconds } from './account.ts';
import { conclude } from './conclude.ts';
import { deleteTrials, holdBack, letGo } from './deletion.ts';
import { beginFinals } from './finals.ts';
import { elapsedMs, type Look, lookAt } from './look.ts';
import { type SearchMemory, unrecorded } from './memory.ts';
import { adjust, createProposed, endOverdrawn, propose } from './propose.ts';
import { remember } from './remember.ts';
import { isTurn, newTrouble, type Standing, searchStatus } from './status.ts';
import { beginReconcile, traceWhole } from './tracing.ts';

export interface SearchReconcilerOptions {
  readonly searches: ObjectCache<BioNASSearch>;
  readonly searchClient: ObjectClient<BioNASSearch>;
  /** Indexed by owner's UID under OWNER_INDEX. */
  readonly trials: ObjectCache<Trial>;
  readonly trialClient: ObjectClient<Trial>;
  /** With POD_INDEXES. */
  readonly pods: ObjectCache<Pod>;
  /** Whether searches that name another manager are carried out as well. */
  readonly all?: boolean;
  readonly ledger: Ledger;
  readonly leftovers: Leftovers;
  readonly others: OtherSearches;
  readonly clock: Clock;
  readonly steps: ClockSteps;
  readonly trainer: Pick<TrainerDefaults, 'template'>;
  readonly events: EventRecorder;
  readonly tracer: Tracer;
  readonly turnaround: Turnaround;
}

/** What is kept of a search between two reconciles, by its key. */
interface Known {
  readonly memory: SearchMemory;
  /** Monotonic ms of the last status. */
  statusAt: number;
}

/** Numbers that only grow are written this often at most. */
const STATUS_EVERY_MS = 1_000;

export function createSearchReconciler(options: SearchReconcilerOptions): Reconciler {
  const searches = new Map<string, Known>();
  const advance = async (
    name: string,
    search: Live<BioNASSearch>,
    trials: readonly Live<Trial>[],
  ): Promise<ReconcileResult> => {
    await holdBack(search, options);
    const before = searches.get(name);
    const isKnown = before?.memory.search === search.metadata.uid;
    const found = isKnown ? before : await remember(search, trials, options);
    if ('later' in found) return found.later;
    const known = isKnown ? before : { memory: found.memory, statusAt: -STATUS_EVERY_MS };
    try {
      const result = await reconcileSearch({ search, trials, known }, options);
      searches.set(name, known);
      return result;
    } catch (error) {
      // What goes wrong half-way is found again in objects and ledger, but for a create that may still come to pass.
      if (known.memory.inDoubt) searches.set(name, known);
      else searches.delete(name);
      throw error;
    }
  };
  return {
    reconcile: async (key, { logger }) => {
      const name = keyText(key);
      const search = options.searches.get(key);
      if (search === undefined || isOver(search)) searches.delete(name);
      if (search === undefined || !isOurs(search, options)) return {};
      const trials = options.trials.byIndex(OWNER_INDEX, search.metadata.uid);
      if (search.metadata.deletionTimestamp !== undefined)
        return letGo(search, trials, { ...options, logger });
      return isOver(search) || isBeingRestored(search) ? {} : advance(name, search, trials);
    },
  };
}

/** Ended or being deleted: nothing of it need be kept in mind. */
const isOver = ({ metadata, status }: Live<BioNASSearch>): boolean =>
  metadata.deletionTimestamp !== undefined || isSettled(status?.conditions);

interface Seen {
  readonly search: Live<BioNASSearch>;
  readonly trials: readonly Live<Trial>[];
  readonly known: Known;
}

async function reconcileSearch(
  { search, trials, known }: Seen,
  options: SearchReconcilerOptions,
): Promise<ReconcileResult> {
  const { memory } = known;
  const { trialClient, ledger, clock, steps, turnaround } = options;
  const span = beginReconcile(search, options.tracer);
  if (memory.inDoubt) await createProposed({ search, memory }, trialClient);
  const ended = unrecorded(trials, memory);
  for (const trial of ended) await memory.record(trial, search, ledger);
  const look = lookAt(search, { memory, trials, now: clock.now(), evenSince: steps.evenSince() });
  const { decision, proposed } = await proposeIn(span, look, options);
  turnaround.filled(
    ended.map(({ metadata }) => metadata.uid),
    proposed,
  );
  const standing = await stand(look, decision, options);
  await adjust(look, trialClient);
  const overdraftDue = await endOverdrawn(look, trialClient);
  await prune(look, options);
  const avoided = avoidedBySearch(search, options.pods, look.now);
  const statusDue = await writeStatus({ ...look, avoided }, standing, { ...options, known });
  if (ended.length + proposed > 0)
    span.end({ attributes: { 'bionas.recorded': ended.length, 'bionas.proposed': proposed } });
  const forgivenDue = avoided.map(({ untilMs }) => untilMs - look.now);
  return soonest(statusDue, overdraftDue, timeLeft(look, decision), ...forgivenDue);
}

async function proposeIn(
  { place }: Span,
  look: Look,
  { trialClient, ledger, tracer }: SearchReconcilerOptions,
): Promise<{ readonly decision: Decision; readonly proposed: number }> {
  const span = tracer.start('propose', { parent: place });
  const before = look.memory.proposed;
  const decision = await propose(look, { trialClient, ledger });
  const proposed = look.memory.proposed - before;
  if (proposed > 0) span.end({ attributes: { 'bionas.proposed': proposed } });
  return { decision, proposed };
}

async function stand(
  look: Look,
  decision: Decision,
  { trialClient }: SearchReconcilerOptions,
): Promise<Standing> {
  const { search, memory } = look;
  if (decision.kind === 'propose') return { phase: 'Searching', reason: 'Searching', message: '' };
  const { reason, message } = decision;
  if (reason === 'Suspended') return { phase: 'Suspended', reason, message };
  if (decision.kind === 'conclude' && memory.active === 0) memory.letGo();
  if (decision.kind === 'wait' || memory.active + memory.paused > 0)
    return { phase: 'Searching', reason: 'Searching', message };
  const { standing, wanted } = conclude(search, memory, { reason, message });
  const refused = await beginFinals(look, wanted, trialClient);
  if (refused === undefined) return standing;
  const short = { reason, message: `${message}; ${refused}`, cutShort: true };
  return conclude(search, memory, short).standing;
}

/** Gives the ms after which a status that may wait is due. */
async function writeStatus(
  look: Look & { readonly avoided: readonly AvoidedNode[] },
  standing: Standing,
  { known, ...options }: SearchReconcilerOptions & { readonly known: Known },
): Promise<number | undefined> {
  const { search, status: before, memory, trials, avoided } = look;
  const { clock, searchClient, events, tracer } = options;
  const running = trials.filter(takesPlace).length;
  const { generation = 0 } = search.metadata;
  const judgement = { generation, now: new Date(look.now).toISOString() };
  const deviceSeconds = endedDeviceSeconds(look);
  const reserved = reservedDeviceSeconds(look);
  const cost = { deviceSeconds, ...(reserved === undefined ? {} : { reserved }) };
  const seen = { before, memory, running, ...cost, standing, avoided };
  const status = searchStatus(seen, judgement);
  if (isDeepStrictEqual(status, search.status)) return undefined;
  const wait = known.statusAt + STATUS_EVERY_MS - clock.monotonic();
  if (wait > 0 && !isTurn(before, status)) return wait;
  await searchClient.patchStatus(keyOf(search), status);
  known.statusAt = clock.monotonic();
  const { phase, reason, message } = standing;
  const type = phase === 'Failed' ? 'Warning' : 'Normal';
  const trouble = newTrouble(before, status);
  if (trouble !== undefined) events.record(search, trouble);
  if (before.phase !== phase) events.record(search, { type, reason, message: message || phase });
  if (status.completionTime !== undefined) traceWhole(search, { ...status, standing }, tracer);
  return undefined;
}

/** Deletes the oldest finished Trials that the ledger has, past history.keep. */
async function prune(
  { search, memory, trials }: Look,
  { trialClient }: SearchReconcilerOptions,
): Promise<void> {
  const done = trials
    .filter(({ metadata }) => memory.has(metadata.uid))
    .toSorted((a, b) => b.spec.index - a.spec.index);
  await deleteTrials(done.slice(search.spec.history.keep), trialClient);
}

/** A search with a limit on time must look at the clock when the time is over. */
function timeLeft(look: Look, decision: Decision): number | undefined {
  const { wallClock } = look.search.spec.budget;
  if (wallClock === undefined || decision.kind === 'conclude') return undefined;
  const left = durationMs(wallClock) - elapsedMs(look);
  return left > 0 ? left : undefined;
}

function soonest(...waits: readonly (number | undefined)[]): ReconcileResult {
  const known = waits.filter((ms) => ms !== undefined);
  return known.length === 0 ? {} : { requeueAfter: Math.min(...known) };
}
