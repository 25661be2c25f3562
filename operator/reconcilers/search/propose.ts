// Fills the free places of a search: asks the engine, sends paused trials on, and makes a Trial of each proposal under a name that
// follows from search and index, so that a create that is repeated meets what it made before.
import type { Trial } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  ConflictError,
  controllerOf,
  keyOf,
  NotFoundError,
  type ObjectClient,
} from '../../runtime/index.ts';
import type { Decision } from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { overdraftOf } from './account.ts';
import { decide, decidePromotion, type Look, wantedAgain } from './look.ts';
import { isSearch, type SearchMemory } from './memory.ts';
import { searchTrial } from './trial-object.ts';

/** Trials created side by side. Those that a crash keeps from being made are gaps, which recall.ts fills. */
const AT_ONCE = 8;

/** Once a final trial exists, what it was chosen from may not grow: an edit of the budget comes too late. */
const isFinalizing = ({ memory, trials }: Look): boolean =>
  memory.tally.finalEnded.length > 0 || trials.some(({ spec }) => spec.purpose === 'Final');

const FINAL_STAGE: Decision = {
  kind: 'conclude',
  reason: 'BudgetSpent',
  message: 'the final stage had begun',
};

interface Outside {
  readonly trialClient: ObjectClient<Trial>;
  readonly ledger: Ledger;
}

/** Proposes and promotes as long as the search may, and says why no more. */
export async function propose(look: Look, outside: Outside): Promise<Decision> {
  const { memory, trials } = look;
  memory.forgetDeleted(trials);
  const decision = await ask(look, outside);
  await createProposed(look, outside.trialClient);
  return decision;
}

async function ask(look: Look, outside: Outside): Promise<Decision> {
  for (;;) {
    const { promoted, decision } = turnOf(look);
    if (decision.kind !== 'propose') return decision;
    if (promoted === undefined) await askOne(look, outside);
    else await promote(promoted, look, outside);
  }
}

/** One new trial; of a failed one that is wanted again, after what was proposed before is there, as with a promotion. */
async function askOne(look: Look, { trialClient, ledger }: Outside): Promise<void> {
  const { search, memory, now } = look;
  const index = wantedAgain(look);
  if (index !== undefined) {
    await createProposed(look, trialClient);
    await memory.tryAgain(index, { search, ledger, time: new Date(now).toISOString() });
  }
  memory.ask();
}

/** Whose turn it is, and whether it may take a place. */
function turnOf(look: Look): { readonly decision: Decision; readonly promoted?: number } {
  const decision = decide(look);
  const mayStart = decision.kind === 'propose';
  if (isFinalizing(look) && (mayStart || decision.reason === 'Searching'))
    return { decision: FINAL_STAGE };
  const promoted = promotable(look, mayStart);
  if (promoted === undefined) return { decision };
  // No new network may begin where it is the turn of a promotion: no replay would.
  const promotion = decidePromotion(look, promoted);
  if (promotion.kind === 'propose') return { decision: promotion, promoted };
  return { decision: mayStart ? promotion : decision };
}

/** Index of the trial that a free place is for, where it is for none that is new. */
function promotable({ memory }: Look, mayStart: boolean): number | undefined {
  if (!memory.hasRungs) return undefined;
  const next = memory.next({ mayStart });
  return next.kind === 'promote' ? next.index : undefined;
}

/** What was proposed before is created first, so that the history has no gap where the promotion stands in it. */
async function promote(index: number, look: Look, { trialClient, ledger }: Outside): Promise<void> {
  const { search, memory, trials, now } = look;
  await createProposed(look, trialClient);
  const trial = trials.find(({ spec }) => isSearch(spec) && spec.index === index);
  if (trial === undefined)
    throw new ConflictError(`trial ${index} is to be promoted, but its object is not there yet`);
  await memory.promote(trial, { search, ledger, time: new Date(now).toISOString() });
}

/** Says in the spec of each Trial how far it is to train by now. A change that a crash lost is made here, later. */
export async function adjust(
  { memory, trials }: Pick<Look, 'memory' | 'trials'>,
  trialClient: ObjectClient<Trial>,
): Promise<void> {
  if (!memory.hasRungs) return;
  for (const trial of trials) {
    const fidelity = isSearch(trial.spec) ? memory.fidelityOf(trial.spec.index) : undefined;
    if (fidelity === undefined || !isFurther(fidelity, trial.spec.fidelity)) continue;
    const { uid } = trial.metadata;
    await trialClient.patch(keyOf(trial), { spec: { fidelity } }, { uid }).catch(unlessGone);
  }
}

/** Tells the trials that have used up what there was for them to end; gives the ms after which to look again. */
export async function endOverdrawn(
  look: Look,
  trialClient: ObjectClient<Trial>,
): Promise<number | undefined> {
  const { ended, seconds } = overdraftOf(look);
  const { gpuHours } = look.search.spec.budget;
  const cancel = `budget.gpuHours ${gpuHours} has nothing left for it: it took what was reserved, or all is used up`;
  const over = look.trials.filter(({ spec }) => ended.includes(spec.index));
  for (const trial of over) {
    const { uid } = trial.metadata;
    await trialClient.patch(keyOf(trial), { spec: { cancel } }, { uid }).catch(unlessGone);
  }
  return seconds === undefined ? undefined : Math.ceil(seconds * 1000);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}

type Fidelity = Trial['spec']['fidelity'];

const isFurther = (to: Fidelity, from: Fidelity): boolean =>
  to.epochs > from.epochs || (to.epochs === from.epochs && to.pause !== from.pause);

/**
 * Creates what has been proposed. One by one at first, until the API server agrees with what was recalled: where one Trial
 * is not what the engine proposes, those after it would not be either.
 */
export async function createProposed(
  { search, memory }: Pick<Look, 'search' | 'memory'>,
  trialClient: ObjectClient<Trial>,
): Promise<void> {
  if (memory.uncreated.length === 0) return;
  while (memory.uncreated.length > 0) {
    const batch = memory.uncreated.slice(0, memory.confirmed ? AT_ONCE : 1);
    const trials = batch.map((next) => searchTrial(search, next, asPlanned(memory, next.index)));
    memory.inDoubt = true;
    const ends = await Promise.allSettled(trials.map((trial) => createOnce(trial, trialClient)));
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    const unknown = failures.filter((error) => !(error instanceof ConflictError));
    memory.inDoubt = unknown.length > 0;
    const [error] = [...unknown, ...failures];
    if (error !== undefined) throw error;
    memory.uncreated.splice(0, batch.length);
  }
  memory.confirmed = true;
}

/** How far a Trial that is created now is to train, and when it ends before. */
function asPlanned(memory: SearchMemory, index: number) {
  const stopping = memory.progressOf(index)?.plan.stopping;
  const fidelity = memory.fidelityOf(index);
  return {
    ...(fidelity === undefined ? {} : { fidelity }),
    ...(stopping === undefined ? {} : { stopping }),
  };
}

/** @throws ConflictError where the name is taken by something else */
export async function createOnce(trial: Trial, trialClient: ObjectClient<Trial>): Promise<void> {
  try {
    await trialClient.create(trial);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    // What exists under the name was wanted, unless the cache had not heard of it when this was proposed, or it is left
    // from a search of the same name.
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
