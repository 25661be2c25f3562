// What the API server cannot see in a Trial: its genotype is text in a grammar of its own.
import {
  type Genotype,
  GenotypeError,
  type Kind,
  type Problem,
  parseGenotype,
  printGenotype,
  shown,
} from '../../crds/index.ts';
import { field } from './field.ts';

const PATH = ['spec', 'genotype'];

/** A Trial's genotype must be canonical text (equal networks are told by it), and of the network that is shaped. */
export function trialProblems(kind: Kind, value: unknown): Problem[] {
  const spec = field(value, 'spec');
  const text = field(spec, 'genotype');
  if (kind !== 'Trial' || typeof text !== 'string' || text === '') return [];
  try {
    const genotype = parseGenotype(text);
    return [...textProblems(text, genotype), ...shapeProblems(field(spec, 'shape'), genotype)];
  } catch (error) {
    if (!(error instanceof GenotypeError)) throw error;
    return [grammarProblem(error)];
  }
}

function textProblems(text: string, genotype: Genotype): Problem[] {
  const canonical = printGenotype(genotype);
  if (canonical === text) return [];
  return [{ path: PATH, expected: `the canonical text ${canonical}`, got: shown(text) }];
}

function shapeProblems(shape: unknown, genotype: Genotype): Problem[] {
  const network = field(shape, 'network');
  const want = genotype.kind === 'fixed' ? genotype.network : undefined;
  if (network === want) return [];
  const expected = `${want ?? 'no network'}, as in genotype`;
  return [{ path: ['spec', 'shape', 'network'], expected, got: shown(network) }];
}

function grammarProblem({ expected, got, nearest, at = 0, where }: GenotypeError): Problem {
  const problem = { path: PATH, expected: `at character ${at + 1} (${where}) ${expected}`, got };
  return nearest === undefined ? problem : { ...problem, nearest };
}
