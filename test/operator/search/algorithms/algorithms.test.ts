// Every algorithm of the contract passes the shared cases.
import { describe } from 'vitest';
import { ALGORITHM_NAMES } from '../../../../crds/index.ts';
import { proposesNetworks } from '../../../builders/search.ts';
import { algorithmCases, networkCases } from '../../../cases/algorithm.cases.ts';

describe.each(ALGORITHM_NAMES)('%s', algorithmCases);

describe.each(ALGORITHM_NAMES.filter(proposesNetworks))(
  '%s, which proposes networks',
  networkCases,
);
