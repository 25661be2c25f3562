// Every algorithm of the contract passes the shared cases.
import { describe } from 'vitest';
import { ALGORITHMS } from '../../../../operator/search/algorithms/index.ts';
import type { AlgorithmName } from '../../../../operator/search/index.ts';
import { algorithmCases } from '../../../cases/algorithm.cases.ts';

describe.each(Object.keys(ALGORITHMS) as AlgorithmName[])('%s', algorithmCases);
