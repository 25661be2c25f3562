// Searches of a cluster that others begin from. Those of another namespace are shown only where RBAC lets its service accounts
// read them: the operator itself may read all.
import type { BioNASSearch } from '../crds/index.ts';
import type { AccessQuestion } from './adapters/kubernetes/index.ts';
import {
  isSettled,
  isTrialRecord,
  type Ledger,
  networkOf,
  type OtherSearch,
  type OtherSearches,
  recordSchema,
  SEARCHES,
} from './reconcilers/index.ts';
import { ForbiddenError, type Live, NotFoundError, type ObjectReader } from './runtime/index.ts';
import type { TakenResult } from './search/index.ts';

export interface OtherSearchesOptions {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly searches: Pick<ObjectReader<BioNASSearch>, 'get'>;
  readonly mayAccess: (question: AccessQuestion) => Promise<boolean>;
}

export function otherSearches(options: OtherSearchesOptions): OtherSearches {
  return {
    find: (search, reader) =>
      look(search, reader, options).catch((error: unknown) => {
        if (error instanceof NotFoundError) return { missing: 'is not there' };
        if (error instanceof ForbiddenError)
          return { missing: `the operator may not read it: ${error.message}` };
        throw error;
      }),
  };
}

type Find = OtherSearches['find'];

async function look(
  search: Parameters<Find>[0],
  reader: Parameters<Find>[1],
  { searches, ledger, mayAccess }: OtherSearchesOptions,
): ReturnType<Find> {
  const isHome = search.namespace === reader.namespace;
  if (!isHome && !(await mayAccess(question(search, reader.namespace))))
    return { missing: refusal(reader.namespace) };
  const found = told(await searches.get(search));
  if (reader.take !== 'ledger' || !found.settled) return found;
  return { ...found, scored: await scoredBy(found.uid, ledger) };
}

const groupOf = (namespace: string): string => `system:serviceaccounts:${namespace}`;

const question = (
  search: { readonly namespace: string; readonly name: string },
  reader: string,
): AccessQuestion => ({
  user: `system:serviceaccount:${reader}:default`,
  groups: [groupOf(reader), 'system:serviceaccounts', 'system:authenticated'],
  verb: 'get',
  group: SEARCHES.apiVersion.split('/')[0] ?? '',
  resource: SEARCHES.plural,
  namespace: search.namespace,
  name: search.name,
});

const refusal = (reader: string): string =>
  `RBAC does not let namespace ${reader} get it: bind a Role that may get ${SEARCHES.plural} to the group ${groupOf(reader)}`;

function told({ metadata, spec, status }: Live<BioNASSearch>): OtherSearch {
  const { name, namespace = '', uid } = metadata;
  const texts = (networks: readonly { readonly genotype: string }[] = []) =>
    networks.map(({ genotype }) => genotype);
  const { conditions, best, pareto } = status ?? {};
  return {
    name,
    namespace,
    uid,
    settled: isSettled(conditions),
    objectives: spec.objectives,
    best: texts(best),
    pareto: texts(pareto),
    scored: [],
  };
}

async function scoredBy(uid: string, ledger: Pick<Ledger, 'read'>): Promise<TakenResult[]> {
  const scored: TakenResult[] = [];
  for await (const entry of ledger.read(uid)) {
    const record = recordSchema(entry.record).parse(entry.record);
    if (!isTrialRecord(record) || record.purpose !== 'Search') continue;
    const { objectives, outcome } = record;
    if (objectives !== undefined && outcome !== 'Failed')
      scored.push({ genotype: networkOf(record), objectives });
  }
  return scored;
}
