// What the API server cannot see: genotypes are texts in a grammar of their own.
import {
  type Genotype,
  GenotypeError,
  genotypeInSpace,
  isSupernetText,
  type Kind,
  type Path,
  type Problem,
  parseGenotype,
  printGenotype,
  SearchSpace,
  shown,
} from '../../crds/index.ts';
import { field } from './field.ts';

/** Of a Trial's genotype, and of those that a search begins with. */
export function genotypeProblems(kind: Kind, value: unknown): Problem[] {
  const spec = field(value, 'spec');
  return kind === 'Trial' ? trialProblems(spec) : warmStartProblems(spec);
}

const PATH = ['spec', 'genotype'];

/** It must be canonical text (equal networks are told by it), and of the network that is shaped. */
const trialProblems = (spec: unknown): Problem[] =>
  parsed(field(spec, 'genotype'), PATH, (genotype, text) => [
    ...textProblems(text, genotype),
    ...shapeProblems(field(spec, 'shape'), genotype),
  ]);

function warmStartProblems(spec: unknown): Problem[] {
  const texts = field(field(spec, 'warmStart'), 'genotypes');
  const space = SearchSpace.safeParse(field(spec, 'searchSpace')).data;
  if (!Array.isArray(texts) || space === undefined) return [];
  return texts.flatMap((text, i) => {
    const path = ['spec', 'warmStart', 'genotypes', i];
    return parsed(text, path, (genotype) => {
      const outside = genotypeInSpace(genotype, space);
      const expected = 'a network of searchSpace';
      return outside === undefined ? [] : [{ path, expected, got: `one that is not: ${outside}` }];
    });
  });
}

/** What is wrong with a text, or with the genotype in it. Another mistake's values are passed over. */
function parsed(
  text: unknown,
  path: Path,
  problemsOf: (genotype: Genotype, text: string) => Problem[],
): Problem[] {
  if (typeof text !== 'string' || text === '' || isSupernetText(text)) return [];
  try {
    return problemsOf(parseGenotype(text), text);
  } catch (error) {
    if (!(error instanceof GenotypeError)) throw error;
    return [grammarProblem(error, path)];
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

function grammarProblem(
  { expected, got, nearest, at = 0, where }: GenotypeError,
  path: Path,
): Problem {
  const problem = { path, expected: `at character ${at + 1} (${where}) ${expected}`, got };
  return nearest === undefined ? problem : { ...problem, nearest };
}
