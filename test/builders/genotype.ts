// Genotypes for tests: a few by name, and fast-check arbitraries of every family, canonical or as people might write them.
import * as fc from 'fast-check';
import {
  canonicalGenotype,
  DARTS_EDGES,
  DARTS_OPERATIONS,
  type DartsEdge,
  type DartsGenotype,
  FIXED_LAYERS,
  FIXED_NETWORKS,
  type FixedGenotype,
  type FixedNetwork,
  type Genotype,
  LEARNING_RULES,
  type LearningRuleName,
  learnsLocally,
  NB201_EDGES,
  NB201_OPERATIONS,
  type Nb201Edge,
  type Nb201Genotype,
  PAPER_RULES,
  RULED_LAYERS,
  type SearchSpace,
  takesRule,
} from '../../crds/index.ts';

/** A DARTS genotype whose every edge is the same operation, from the two previous cells. */
export function makeDarts(overrides: Partial<DartsGenotype> = {}): DartsGenotype {
  const edge = { operation: 'sep_conv_3x3', rule: 'uSF' } as const;
  const cell = Array.from({ length: 4 }, () => {
    const edges: readonly [DartsEdge, DartsEdge] = [
      { ...edge, from: 0 },
      { ...edge, from: 1 },
    ];
    return edges;
  });
  return { kind: 'darts', normal: cell, reduce: cell, rest: 'BP', ...overrides };
}

/** A NAS-Bench-201 genotype whose every edge is the same. */
export function makeNb201(
  edge: Nb201Edge = { operation: 'nor_conv_3x3', rule: 'FA' },
  rest: LearningRuleName = 'BP',
): Nb201Genotype {
  return { kind: 'nb201', nodes: [[edge], [edge, edge], [edge, edge, edge]], rest };
}

/** A fixed network with one rule for all layers. */
export function makeFixed(
  network: FixedNetwork = 'lenet',
  rule: LearningRuleName = 'BP',
): FixedGenotype {
  const rules = Object.fromEntries(RULED_LAYERS[network].map((layer) => [layer, rule]));
  return { kind: 'fixed', network, rules };
}

/** A space with the defaults of the contract. */
export function makeSpace(overrides: Partial<SearchSpace> = {}): SearchSpace {
  return {
    kind: 'darts',
    learningRules: [...PAPER_RULES],
    conversion: 'full',
    channels: 16,
    ...overrides,
  };
}

export interface GenotypeChoices {
  readonly operations?: readonly string[];
  readonly rules?: readonly LearningRuleName[];
  readonly rest?: readonly LearningRuleName[];
  readonly networks?: readonly FixedNetwork[];
}

interface AnyEdge<Operation extends string> {
  readonly operation: Operation;
  readonly rule?: LearningRuleName;
}

/** Edges as people might write them: an operation without weights may have a rule, too. By default of all operations that there are. */
function edges<Operation extends string>(
  all: readonly Operation[],
  { operations = all, rules = LEARNING_RULES }: GenotypeChoices,
): fc.Arbitrary<AnyEdge<Operation>> {
  return fc
    .record({
      operation: fc.constantFrom(...all.filter((name) => operations.includes(name))),
      rule: fc.constantFrom(...rules),
      ruled: fc.boolean(),
    })
    .map(({ operation, rule, ruled }) =>
      takesRule(operation) || (ruled && !learnsLocally(operation))
        ? { operation, rule }
        : { operation },
    );
}

function dartsCells(choices: GenotypeChoices): fc.Arbitrary<DartsGenotype['normal']> {
  const node = (predecessors: number) =>
    fc
      .tuple(
        fc.shuffledSubarray([...Array(predecessors).keys()], { minLength: 2, maxLength: 2 }),
        edges(DARTS_EDGES, choices),
        edges(DARTS_EDGES, choices),
      )
      .map(([[a = 0, b = 1], first, second]): [DartsEdge, DartsEdge] => [
        { ...first, from: a },
        { ...second, from: b },
      ]);
  return fc.tuple(node(2), node(3), node(4), node(5));
}

function rests({ rest, rules }: GenotypeChoices): fc.Arbitrary<LearningRuleName> {
  return fc.constantFrom(...(rest ?? rules ?? LEARNING_RULES));
}

export function dartsGenotypes(choices: GenotypeChoices = {}): fc.Arbitrary<DartsGenotype> {
  const cell = dartsCells(choices);
  return fc.record({
    kind: fc.constant('darts'),
    normal: cell,
    reduce: cell,
    rest: rests(choices),
  });
}

export function nb201Genotypes(choices: GenotypeChoices = {}): fc.Arbitrary<Nb201Genotype> {
  const edge = edges(NB201_EDGES, choices);
  return fc.record({
    kind: fc.constant('nb201'),
    nodes: fc.tuple(fc.tuple(edge), fc.tuple(edge, edge), fc.tuple(edge, edge, edge)),
    rest: rests(choices),
  });
}

export function fixedGenotypes(choices: GenotypeChoices = {}): fc.Arbitrary<FixedGenotype> {
  const { networks = FIXED_NETWORKS, rules = LEARNING_RULES } = choices;
  return fc.constantFrom(...networks).chain((network) =>
    fc
      .tuple(
        fc.shuffledSubarray([...FIXED_LAYERS[network]], {
          minLength: FIXED_LAYERS[network].length,
        }),
        fc.infiniteStream(fc.constantFrom(...rules)),
      )
      .map(([layers, stream]): FixedGenotype => {
        const chosen = [...stream.take(layers.length)];
        const entries = layers.map((layer, i): [string, LearningRuleName] => [
          layer,
          chosen[i] ?? 'BP',
        ]);
        return { kind: 'fixed', network, rules: Object.fromEntries(entries) };
      }),
  );
}

/** Genotypes of all families, not all canonical. */
export function genotypes(): fc.Arbitrary<Genotype> {
  return fc.oneof(dartsGenotypes(), nb201Genotypes(), fixedGenotypes());
}

/** Canonical genotypes that the space holds. */
export function genotypesIn(space: SearchSpace): fc.Arbitrary<Genotype> {
  const choices: GenotypeChoices = {
    operations: space.operations ?? [...DARTS_OPERATIONS, ...NB201_OPERATIONS],
    rules: space.learningRules,
    rest: space.conversion === 'full' ? space.learningRules : ['BP'],
    ...(space.network && { networks: [space.network] }),
  };
  const families = { darts: dartsGenotypes, nb201: nb201Genotypes, fixed: fixedGenotypes };
  return families[space.kind](choices).map(canonicalGenotype);
}
