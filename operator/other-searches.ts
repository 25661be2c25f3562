// Searches of a cluster that others begin from. Those of another namespace are shown only where RBAC lets its service accounts
// read them: the operator itself may read all.
import type { BioNASSearch } from '../crds/index.ts';
import { type AccessQuestion, ForbiddenError } from './adapters/kubernetes/index.ts';
import { isTrue, type OtherSearch, type OtherSearches, SEARCHES } from './reconcilers/index.ts';
import { type Live, NotFoundError, type ObjectReader } from './runtime/index.ts';

export interface OtherSearchesOptions {
  readonly searches: Pick<ObjectReader<BioNASSearch>, 'get'>;
  readonly mayAccess: (question: AccessQuestion) => Promise<boolean>;
}

export function otherSearches({ searches, mayAccess }: OtherSearchesOptions): OtherSearches {
  return {
    async find({ namespace, name }, reader) {
      try {
        const isHome = namespace === reader.namespace;
        if (!isHome && !(await mayAccess(question({ namespace, name }, reader.namespace))))
          return { missing: refusal(reader.namespace) };
        return told(await searches.get({ namespace, name }));
      } catch (error) {
        if (error instanceof NotFoundError) return { missing: 'is not there' };
        if (error instanceof ForbiddenError)
          return { missing: `the operator may not read it: ${error.message}` };
        throw error;
      }
    },
  };
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
  ...search,
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
    settled: isTrue(conditions, 'Completed') || isTrue(conditions, 'Failed'),
    objectives: spec.objectives.length,
    best: texts(best),
    pareto: texts(pareto),
  };
}
