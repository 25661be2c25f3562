// Begins a search from another one. What is taken stands in its own ledger, before anything else, so that it no longer matters
// what becomes of the other.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import { ConflictError, type Live } from '../../runtime/index.ts';
import { createEngine } from '../../search/index.ts';
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
  const wanted = search.spec.warmStart?.search;
  if (wanted === undefined) return undefined;
  const { namespace = search.metadata.namespace, name, take, count } = wanted;
  const other = `spec.warmStart.search: ${namespace}/${name}`;
  if ('missing' in found) {
    const waitedMs = nowMs - Date.parse(search.metadata.creationTimestamp ?? '');
    const kind = waitedMs < PATIENCE_MS ? 'wait' : 'fail';
    return { kind, message: `${other}: ${found.missing}` };
  }
  const { uid = '' } = search.metadata;
  if (found.uid === uid) return { kind: 'fail', message: `${other}: is this search itself` };
  if (!found.settled) return { kind: 'wait', message: `${other}: has not ended` };
  const genotypes = found[take].slice(0, count);
  const from = { name: found.name, namespace: found.namespace, uid: found.uid };
  const completionTime = new Date(nowMs).toISOString();
  if (genotypes.length > 0)
    return {
      kind: 'take',
      record: { search: uid, kind: 'warm-start', from, genotypes, completionTime },
    };
  const why =
    take === 'pareto' && found.objectives < 2
      ? 'has one objective, so none of its networks is a compromise: take best'
      : 'ended without a network that has a score: nothing can be taken';
  return { kind: 'fail', message: `${other}: ${why}` };
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
  const found = await others.find(key, { namespace });
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
