// Every algorithm of the contract passes the shared cases.
import { describe } from 'vitest';
import { ALGORITHM_NAMES, type AlgorithmName } from '../../../../crds/index.ts';
import { createEngine } from '../../../../operator/search/index.ts';
import { makeAlgorithm, makeEngineSpec } from '../../../builders/search.ts';
import { algorithmCases, networkCases } from '../../../cases/algorithm.cases.ts';

describe.each(ALGORITHM_NAMES)('%s', algorithmCases);

const proposesNetworks = (name: AlgorithmName): boolean => {
  const { initial, ask } = createEngine(makeEngineSpec({ algorithm: makeAlgorithm(name) }));
  return ask(initial).proposal?.kind === undefined;
};
describe.each(ALGORITHM_NAMES.filter(proposesNetworks))(
  '%s, which proposes networks',
  networkCases,
);
