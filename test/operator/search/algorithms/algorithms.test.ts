// Every algorithm of the contract passes the shared cases.
import { describe } from 'vitest';
import { ALGORITHM_NAMES } from '../../../../crds/index.ts';
import { algorithmCases } from '../../../cases/algorithm.cases.ts';

describe.each(ALGORITHM_NAMES)('%s', algorithmCases);
