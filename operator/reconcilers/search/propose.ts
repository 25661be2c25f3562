// Fills the free places of a search: asks the engine, and makes a Trial of each proposal under a name that follows from
// search and index, so that a create that is repeated meets what it made before.
import type { Trial } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  ConflictError,
  controllerOf,
  keyOf,
  type ObjectClient,
} from '../../runtime/index.ts';
import type { Decision } from '../../search/index.ts';
import { decide, type Look } from './look.ts';
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

/** Proposes as long as the search may, and says why no more. */
export async function propose(look: Look, trialClient: ObjectClient<Trial>): Promise<Decision> {
  const { memory, trials } = look;
  memory.forgetDeleted(trials);
  const decision = ask(look);
  await createProposed(look, trialClient);
  return decision;
}

function ask(look: Look): Decision {
  for (;;) {
    const decision = decide(look);
    if (isFinalizing(look) && (decision.kind === 'propose' || decision.reason === 'Searching'))
      return FINAL_STAGE;
    if (decision.kind !== 'propose') return decision;
    look.memory.ask();
  }
}

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
    const trials = batch.map((next) => searchTrial(search, next, next.proposedAfter));
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
