// The search algorithms and their settings. What an algorithm takes, and takes where nothing is said, stands in one table: the
// descriptions, the rules that refuse settings of another algorithm, and the algorithms themselves read it.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';
import {
  EG_DEFAULTS,
  EVOLUTION_FIELDS,
  ONE_SHOT_DEFAULTS,
  SINGLE_PATH_FIELDS,
  SUPERNET_DEFAULTS,
  SUPERNET_FIELDS,
} from './supernet.ts';

/** Adding an algorithm: a line here and its file in operator/search/algorithms/. */
export const ALGORITHM_DEFAULTS = {
  random: {},
  'regularized-evolution': {
    population: 20,
    sample: 10,
    mutateRule: 0.4,
    mutateOperation: 0.4,
    mutateWiring: 0.2,
    tournament: 'first',
  },
  nsga2: { population: 20, crossover: 0.9, mutatedGenes: 1 },
  tpe: { startup: 20, gamma: 0.1, candidates: 24, priorWeight: 1 },
  'local-search': { starts: 5, step: 'first' },
  grid: {},
  darts: SUPERNET_DEFAULTS,
  eg: EG_DEFAULTS,
  'one-shot': ONE_SHOT_DEFAULTS,
} as const satisfies Record<string, Readonly<Record<string, number | string | boolean>>>;

type Defaults = typeof ALGORITHM_DEFAULTS;
export type AlgorithmName = keyof Defaults;
export const ALGORITHM_NAMES = Object.keys(ALGORITHM_DEFAULTS) as [
  AlgorithmName,
  ...AlgorithmName[],
];

/** The algorithms that take a setting, with their defaults. */
function takers(setting: string): [name: string, value: number | string | boolean][] {
  return Object.entries(ALGORITHM_DEFAULTS).flatMap(([name, defaults]) =>
    Object.entries(defaults).flatMap(([key, value]): [string, number | string | boolean][] =>
      key === setting ? [[name, value]] : [],
    ),
  );
}

function described<Schema extends z.ZodType>(
  says: string,
  [setting, schema]: readonly [string, Schema],
): z.ZodOptional<Schema> {
  const defaults = takers(setting).map(([name, value]) => `${name}, default ${value}`);
  return schema.optional().describe(`${says} (${defaults.join('; ')}).`);
}

const probability = z.number().min(0).max(1);
const count = z.int().min(1).max(100_000);

/** What several take is described once. */
const { population: _, generations: __, ...EVOLUTION_ONLY } = EVOLUTION_FIELDS;
const { population: ___, crossover: ____, ...SINGLE_PATH_ONLY } = SINGLE_PATH_FIELDS;
const OF_SUPERNETS = {
  ...SUPERNET_FIELDS,
  ...EVOLUTION_ONLY,
  ...SINGLE_PATH_ONLY,
  generations: EVOLUTION_FIELDS.generations.describe('Generations of a run.'),
};
type SupernetFields = typeof OF_SUPERNETS;
const supernetSettings = Object.fromEntries(
  Object.entries(OF_SUPERNETS).map(([name, field]: [string, z.ZodType]) => [
    name,
    described((field.description ?? '').replace(/\.$/, ''), [name, field]),
  ]),
) as { readonly [Name in keyof SupernetFields]: z.ZodOptional<SupernetFields[Name]> };

const AlgorithmSettings = z.object({
  population: described('Networks alive, or candidates of a generation', [
    'population',
    count.min(2),
  ]),
  sample: described('Networks a parent is the best of', ['sample', count]),
  mutateRule: described('Probability of changing a rule', ['mutateRule', probability]),
  mutateOperation: described('Probability of changing an operation', [
    'mutateOperation',
    probability,
  ]),
  mutateWiring: described('Probability of changing an input', ['mutateWiring', probability]),
  tournament: described(
    'What the best of a sample is: by the first objective, or any that no other of the sample beats in all',
    ['tournament', z.enum(['first', 'pareto'])],
  ),
  crossover: described('Probability that a child has genes of two parents', [
    'crossover',
    probability,
  ]),
  mutatedGenes: described('Genes of a child that are drawn anew, on average', [
    'mutatedGenes',
    z.number().min(0).max(1000),
  ]),
  startup: described('Results before anything is learned from them', ['startup', count]),
  gamma: described('Part of the results that counts as good', ['gamma', z.number().gt(0).max(1)]),
  candidates: described('Networks drawn like the good ones, of which one is proposed', [
    'candidates',
    count.max(10_000),
  ]),
  priorWeight: described('Results that each option is taken to have had before any', [
    'priorWeight',
    z.number().gt(0).max(1000),
  ]),
  starts: described('Random networks of which a climb begins at the best', ['starts', count]),
  step: described('Where a climb goes: to the first better neighbour, or to the best of all', [
    'step',
    z.enum(['first', 'best']),
  ]),
  ...supernetSettings,
});

/** Refuses a setting where the algorithm named does not take it. */
function onlyOfTakers(setting: string): ValidationRule {
  const names = takers(setting).map(([name]) => name);
  return {
    rule: `!has(self.settings) || !has(self.settings.${setting}) || self.name in [${names.map((name) => `'${name}'`).join(', ')}]`,
    message: `${setting} is a setting of ${names.join(', ')}`,
    fieldPath: `.settings.${setting}`,
  };
}

export const Algorithm = z
  .object({
    name: z
      .enum(ALGORITHM_NAMES)
      .default('regularized-evolution')
      .describe('How networks are proposed.'),
    settings: AlgorithmSettings.prefault({}).describe('Settings of the algorithm named.'),
  })
  .meta({
    'x-kubernetes-validations': [
      ...Object.keys(AlgorithmSettings.shape).map(onlyOfTakers),
      {
        rule: "self.name != 'nsga2' || !has(self.settings) || !has(self.settings.population) || self.settings.population <= 1000",
        message: 'population of nsga2 is at most 1000',
        fieldPath: '.settings.population',
      },
      {
        rule: '!has(self.settings) || !has(self.settings.sample) || !has(self.settings.population) || self.settings.sample <= self.settings.population',
        message: 'sample is at most population',
        fieldPath: '.settings',
      },
    ],
  });
export type Algorithm = z.infer<typeof Algorithm>;

type Settings = Algorithm['settings'];

/** The settings of an algorithm, with its defaults where the search says nothing. */
export function settingsOf<Name extends AlgorithmName>(
  name: Name,
  settings: Settings,
): { readonly [S in keyof Defaults[Name] & keyof Settings]: NonNullable<Settings[S]> } {
  return { ...ALGORITHM_DEFAULTS[name], ...settings } as never;
}
