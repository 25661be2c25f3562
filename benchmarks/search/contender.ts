// A search over the space of a table, as a manifest would have it.
import type { SearchTable } from '../../cli/simulate/index.ts';
import { BioNASSearch } from '../../crds/index.ts';

export const makeContender = (table: SearchTable, spec: object): BioNASSearch =>
  BioNASSearch.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'BioNASSearch',
    metadata: { name: 'contender' },
    spec: {
      searchSpace: table.space,
      dataset: { name: table.dataset },
      training: { epochs: table.epochs },
      ...spec,
    },
  });
