// Begins a search from another one. What is taken stands in its own ledger, before anything else, so that it no longer matters
// what becomes of the other.
import type {
  BioNASSearch,
  BioNASSearchSpec,
  Objective,
  Trial,
  WarmStartSearch,
} from '../../../crds/index.ts';
import { ConflictError, type Live } from '../../runtime/index.ts';
import { createEngine, type TakenResult } from '../../search/index.ts';
import type { Ledger, OtherSearch, OtherSearches } from '../ports.ts';
import type { WarmStartRecord } from './ledger-records.ts';
import { withTaken } from './recall.ts';

/** `wait`: look again; `fail`: nothing can be taken, however long one waits. */
export type Taking =
  | { readonly kind: 'take'; readonly record: WarmStartRecord }
  | { readonly kind: 'wait' | 'fail'; readonly message: string };

type Found = OtherSearch | { readonly missing: string };

/** How long one that is not there, or not to be read, is waited for: both may be applied together. */
const PATIENCE_MS = 3_600_000;

/** What to take of what was found. Pure; undefined where the search names no other. */
export function takeFrom(
  search: Pick<BioNASSearch, 'metadata' | 'spec'>,
  found: Found,
  nowMs: number,
): Taking | undefined {
  const { metadata, spec } = search;
  const wanted = spec.warmStart?.search;
  if (wanted === undefined) return undefined;
  const { namespace = metadata.namespace, name } = wanted;
  const say = (kind: 'wait' | 'fail', message: string): Taking => ({
    kind,
    message: `spec.warmStart.search: ${namespace}/${name}: ${message}`,
  });
  if ('missing' in found) {
    const waitedMs = nowMs - Date.parse(metadata.creationTimestamp ?? '');
    return say(waitedMs < PATIENCE_MS ? 'wait' : 'fail', found.missing);
  }
  const { uid = '' } = metadata;
  if (found.uid === uid) return say('fail', 'is this search itself');
  if (!found.settled) return say('wait', 'has not ended');
  const taken = TAKE[wanted.take](found, spec, wanted.count);
  if (typeof taken === 'string') return say('fail', taken);
  const from = { name: found.name, namespace: found.namespace, uid: found.uid };
  const completionTime = new Date(nowMs).toISOString();
  return {
    kind: 'take',
    record: { search: uid, kind: 'warm-start', from, ...taken, completionTime },
  };
}

/** What is taken, or why nothing can be. */
type Take = (
  found: OtherSearch,
  spec: BioNASSearchSpec,
  count: number,
) => Pick<WarmStartRecord, 'genotypes' | 'told'> | string;

const NOTHING = 'ended without a network that has a score: nothing can be taken';

const first = (texts: readonly string[], count: number, why: string) =>
  texts.length === 0 ? why : { genotypes: texts.slice(0, count) };

const TAKE: Readonly<Record<WarmStartSearch['take'], Take>> = {
  best: ({ best }, _spec, count) => first(best, count, NOTHING),
  pareto: ({ pareto, objectives }, _spec, count) => {
    const one = 'has one objective, so none of its networks is a compromise: take best';
    return first(pareto, count, objectives.length < 2 ? one : NOTHING);
  },
  ledger: ({ scored, objectives }, spec) => {
    const [theirs, own] = [named(objectives), named(spec.objectives)];
    if (theirs !== own) return `was to ${theirs}, and this search is to ${own}: take best`;
    const told = latest(scored).map((each) => ({ ...each, objectives: [...each.objectives] }));
    return told.length === 0 ? NOTHING : { genotypes: [], told };
  },
};

const named = (objectives: readonly Objective[]): string =>
  objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');

/** Bytes of results: a record must fit into a message of the broker, which is a MiB by default. */
const MOST_BYTES = 700_000;

/** As many as a record holds. */
function latest(scored: readonly TakenResult[]): readonly TakenResult[] {
  let left = MOST_BYTES;
  const before = scored.findLastIndex((result) => {
    left -= Buffer.byteLength(JSON.stringify(result)) + 1;
    return left < 0;
  });
  return scored.slice(before + 1);
}

interface Outside {
  readonly ledger: Ledger;
  readonly others: OtherSearches;
  readonly now: number;
}

/**
 * Sees to it that the ledger has what another search is to give; where it has not, says why.
 * @throws WarmStartError where a network is none of the search space
 * @throws ConflictError where somebody else appended meanwhile
 */
export async function beginFromOther(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  { ledger, others, now }: Outside,
): Promise<Exclude<Taking, { kind: 'take' }> | undefined> {
  const wanted = search.spec.warmStart?.search;
  // Trials without records: what was taken is lost, and recall.ts goes on from them.
  if (wanted === undefined || trials.length > 0 || (await hasBegun(search, ledger)))
    return undefined;
  const { namespace = '' } = search.metadata;
  const key = { namespace: wanted.namespace ?? namespace, name: wanted.name };
  const found = await others.find(key, { namespace, take: wanted.take });
  const taking = takeFrom(search, found, now);
  if (taking?.kind !== 'take') return taking;
  createEngine(withTaken(search.spec, taking.record));
  const sequence = await ledger.append(search.metadata.uid, taking.record, 0);
  if (sequence === undefined)
    throw new ConflictError(`${search.metadata.name}: expected an empty history, and it is none`);
  return undefined;
}

async function hasBegun({ metadata }: Live<BioNASSearch>, ledger: Ledger): Promise<boolean> {
  for await (const _ of ledger.read(metadata.uid)) return true;
  return false;
}
