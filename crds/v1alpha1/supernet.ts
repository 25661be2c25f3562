// Supernets: one network of all candidates at once, from whose alpha a genotype is derived (DARTS; BioNAS-DARTS of the paper).
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';
import { LearningRuleName } from './learning-rule.ts';
import { MEASURED_ON_DEMAND } from './objective.ts';
import { DartsOperation, LOCAL_OPERATIONS } from './search-space.ts';

/** What a search may set of its supernets. */
export const SUPERNET_FIELDS = {
  none: z
    .boolean()
    .describe('Whether mixtures have a candidate that adds zeros, which is never derived.'),
  partialChannels: z
    .int()
    .min(1)
    .max(64)
    .describe('One k-th of the channels goes through mixtures (PC-DARTS: 4); 1 is all.'),
  alphaLearningRate: z.number().gt(0).max(100).describe("Learning rate of alpha's Adam."),
  alphaWeightDecay: z.number().min(0).max(1).describe('L2 penalty on alpha.'),
  warmupEpochs: z
    .int()
    .min(0)
    .max(100_000)
    .describe('First epochs, in which weights learn and alpha stays (PC-DARTS: 15).'),
  maximumSkips: z
    .int()
    .min(0)
    .max(8)
    .describe(
      'Ends the supernet where the derived normal cell has more skips than this, and keeps what was derived the epoch before; 8 is never.',
    ),
};

export const SUPERNET_DEFAULTS = {
  none: true,
  partialChannels: 1,
  alphaLearningRate: 3e-4,
  alphaWeightDecay: 1e-3,
  warmupEpochs: 0,
  maximumSkips: 8,
} as const satisfies { readonly [S in keyof typeof SUPERNET_FIELDS]: unknown };

const WITHOUT_WEIGHTS = "['skip_connect', 'max_pool_3x3', 'avg_pool_3x3']";
const LOCAL = `[${LOCAL_OPERATIONS.map((name) => `'${name}'`).join(', ')}]`;

/** PC's nodes settle in the pass that weights learn in; the slopes of alpha would be those of nodes that have not. */
const NO_NODES =
  'alpha learns in one pass, in which the nodes of PC do not settle: search its cells by another algorithm';

/** What a search may set of how alpha evolves (EG-NAS; BioNAS-EG of the paper). */
export const EVOLUTION_FIELDS = {
  samples: z
    .int()
    .min(1)
    .max(1000)
    .describe('Runs of CMA-ES each epoch, of which the most accurate winner is taken.'),
  population: z.int().min(2).max(100_000).describe('Candidates of a generation of CMA-ES.'),
  generations: z.int().min(1).max(10_000).describe('Generations of a run of CMA-ES.'),
  alphaStep: z.number().gt(0).max(1000).describe('How much of the winner is added to alpha.'),
  similarity: z
    .number()
    .min(0)
    .max(1000)
    .describe('Weight of the similarity to alpha in the fitness.'),
  fitnessBatches: z
    .int()
    .min(1)
    .max(100_000)
    .describe(
      'Batches of the second half that a candidate is judged by, at most those of an epoch.',
    ),
  literal: z
    .boolean()
    .describe(
      'As the released code would do: one run of one generation, sigma 1, one batch, and a winner softmaxed twice.',
    ),
};

export const EVOLUTION_DEFAULTS = {
  samples: 3,
  population: 50,
  generations: 5,
  alphaStep: 0.1,
  similarity: 0.4,
  fitnessBatches: 2,
  literal: false,
} as const satisfies { readonly [S in keyof typeof EVOLUTION_FIELDS]: unknown };

/** Of supernets whose alpha evolves: as EG-NAS has them. */
export const EG_DEFAULTS = {
  partialChannels: 4,
  warmupEpochs: 15,
  maximumSkips: 8,
  ...EVOLUTION_DEFAULTS,
} as const;

/** What a search may set of single paths, and of the search among them (SPOS, Guo et al. 2020). */
export const SINGLE_PATH_FIELDS = {
  search: z
    .enum(['evolution', 'random'])
    .describe('How paths are proposed once the supernet is trained; random is the control.'),
  population: z.int().min(2).max(100_000).describe('Paths of a generation.'),
  generations: z.int().min(1).max(10_000).describe('Generations, the first of random paths.'),
  parents: z
    .int()
    .min(1)
    .max(100_000)
    .describe('Best paths so far, of which those of the next generation are children.'),
  crossover: z
    .number()
    .min(0)
    .max(1)
    .describe('Probability that a child has genes of two parents; else it is a mutant of one.'),
  mutation: z.number().gt(0).max(1).describe('Probability that a gene of a mutant is drawn anew.'),
  judgedPictures: z
    .int()
    .min(1)
    .max(100_000_000)
    .describe('Pictures of the second half that a path is judged by, at most those there are.'),
  calibrationBatches: z
    .int()
    .min(1)
    .max(100_000)
    .describe(
      'Batches of the first half that the statistics of batch norm are taken anew from for each path, at most those of an epoch.',
    ),
};

const SINGLE_PATH_DEFAULTS = {
  search: 'evolution',
  population: 50,
  generations: 20,
  parents: 10,
  crossover: 0.5,
  mutation: 0.1,
  judgedPictures: 2500,
  calibrationBatches: 10,
} as const satisfies { readonly [S in keyof typeof SINGLE_PATH_FIELDS]: unknown };

/** Of supernets that are trained one path at a time. */
export const ONE_SHOT_DEFAULTS = {
  partialChannels: 1,
  maximumSkips: 8,
  ...SINGLE_PATH_DEFAULTS,
} as const;

/** Of which every proposal is a supernet. */
export const SUPERNET_ALGORITHMS: readonly string[] = ['darts', 'eg', 'one-shot'];
const OF_SUPERNETS = `self.algorithm.name in [${SUPERNET_ALGORITHMS.map((name) => `'${name}'`).join(', ')}]`;
const WARMUP = 'self.algorithm.settings.warmupEpochs';
const HAS_WARMUP = `has(self.algorithm.settings) && has(${WARMUP})`;

const ON_DEMAND = `[${MEASURED_ON_DEMAND.map((name) => `'${name}'`).join(', ')}]`;

/** Rules of a search's spec. */
export const SUPERNET_SEARCH_RULES: readonly ValidationRule[] = [
  ...(['objectives', 'constraints'] as const).map((field) => ({
    rule: `!(${OF_SUPERNETS}) || !self.${field}.exists(each, each.metric in ${ON_DEMAND})`,
    message: `of a supernet nobody measures ${MEASURED_ON_DEMAND.join(', ')}`,
    fieldPath: `.${field}`,
  })),
  {
    rule: `!(${OF_SUPERNETS}) || self.searchSpace.kind == 'darts'`,
    message: 'supernets search cells of kind darts',
    fieldPath: '.searchSpace.kind',
  },
  {
    rule: `!(${OF_SUPERNETS}) || self.searchSpace.conversion == 'partial'`,
    message: 'a supernet searches edges alone, and all else backpropagates: conversion is partial',
    fieldPath: '.searchSpace.conversion',
  },
  {
    rule: `!(${OF_SUPERNETS}) || self.scheduling.name == 'none'`,
    message: 'supernets train to their end: scheduling is none',
    fieldPath: '.scheduling.name',
  },
  {
    rule: `!(${OF_SUPERNETS}) || !has(self.warmStart)`,
    message: 'a supernet begins with all networks: there is no warmStart',
    fieldPath: '.warmStart',
  },
  {
    rule: `!(${OF_SUPERNETS}) || self.searchSpace.learningRules.all(r, r != 'PC')`,
    message: NO_NODES,
    fieldPath: '.searchSpace.learningRules',
  },
  {
    rule: `self.algorithm.name != 'darts' || !has(self.searchSpace.operations) || self.searchSpace.operations.exists(o, o in ${WITHOUT_WEIGHTS}) || (self.searchSpace.operations.exists(o, !(o in ${LOCAL})) && self.searchSpace.learningRules.exists(r, r != 'PEPITA'))`,
    message:
      'no signal goes back through any of these candidates, so alpha below the last cell would hear nothing: name an operation that sends one',
    fieldPath: '.searchSpace.operations',
  },
  {
    rule: `!(${OF_SUPERNETS}) || !has(self.searchSpace.cells) || self.searchSpace.cells >= 3`,
    message: 'a supernet of less than 3 cells has no normal cell: cells is at least 3',
    fieldPath: '.searchSpace.cells',
  },
  {
    rule: `self.searchSpace.channels % (has(self.algorithm.settings.partialChannels) ? self.algorithm.settings.partialChannels : (self.algorithm.name == 'eg' ? ${EG_DEFAULTS.partialChannels} : 1)) == 0`,
    message: 'one k-th of the channels is a whole number: partialChannels divides channels',
    fieldPath: '.algorithm.settings.partialChannels',
  },
  {
    rule: `self.algorithm.name != 'eg' || !(${HAS_WARMUP}) || ${WARMUP} > 0`,
    message: 'eg judges by what batch norm has seen: warmupEpochs is at least 1',
    fieldPath: '.algorithm.settings.warmupEpochs',
  },
  {
    rule: `!(self.algorithm.name in ['darts', 'eg']) || (${HAS_WARMUP} ? ${WARMUP} : (self.algorithm.name == 'eg' ? ${EG_DEFAULTS.warmupEpochs} : ${SUPERNET_DEFAULTS.warmupEpochs})) < self.training.epochs`,
    message: `alpha moves after the warm-up: warmupEpochs (default ${SUPERNET_DEFAULTS.warmupEpochs}, of eg ${EG_DEFAULTS.warmupEpochs}) is less than training.epochs`,
    fieldPath: '.algorithm.settings',
  },
];

const Evolution = z.object({
  samples: EVOLUTION_FIELDS.samples.default(EVOLUTION_DEFAULTS.samples),
  population: EVOLUTION_FIELDS.population.default(EVOLUTION_DEFAULTS.population),
  generations: EVOLUTION_FIELDS.generations.default(EVOLUTION_DEFAULTS.generations),
  alphaStep: EVOLUTION_FIELDS.alphaStep.default(EVOLUTION_DEFAULTS.alphaStep),
  similarity: EVOLUTION_FIELDS.similarity.default(EVOLUTION_DEFAULTS.similarity),
  fitnessBatches: EVOLUTION_FIELDS.fitnessBatches.default(EVOLUTION_DEFAULTS.fitnessBatches),
  literal: EVOLUTION_FIELDS.literal.default(EVOLUTION_DEFAULTS.literal),
});
export type Evolution = z.infer<typeof Evolution>;

const SinglePath = z.object({
  search: SINGLE_PATH_FIELDS.search.default(SINGLE_PATH_DEFAULTS.search),
  population: SINGLE_PATH_FIELDS.population.default(SINGLE_PATH_DEFAULTS.population),
  generations: SINGLE_PATH_FIELDS.generations.default(SINGLE_PATH_DEFAULTS.generations),
  parents: SINGLE_PATH_FIELDS.parents.default(SINGLE_PATH_DEFAULTS.parents),
  crossover: SINGLE_PATH_FIELDS.crossover.default(SINGLE_PATH_DEFAULTS.crossover),
  mutation: SINGLE_PATH_FIELDS.mutation.default(SINGLE_PATH_DEFAULTS.mutation),
  judgedPictures: SINGLE_PATH_FIELDS.judgedPictures.default(SINGLE_PATH_DEFAULTS.judgedPictures),
  calibrationBatches: SINGLE_PATH_FIELDS.calibrationBatches.default(
    SINGLE_PATH_DEFAULTS.calibrationBatches,
  ),
});
export type SinglePath = z.infer<typeof SinglePath>;

export const Supernet = z.object({
  operations: z
    .array(DartsOperation)
    .min(1)
    .max(12)
    .optional()
    .describe('Operations of every edge. Default: those of DARTS.'),
  learningRules: z
    .array(LearningRuleName)
    .min(1)
    .max(16)
    .meta({ 'x-kubernetes-validations': [{ rule: "self.all(r, r != 'PC')", message: NO_NODES }] })
    .describe('Rules of the operations that have weights: a candidate each.'),
  none: SUPERNET_FIELDS.none.default(SUPERNET_DEFAULTS.none),
  partialChannels: SUPERNET_FIELDS.partialChannels.default(SUPERNET_DEFAULTS.partialChannels),
  alphaLearningRate: SUPERNET_FIELDS.alphaLearningRate.default(SUPERNET_DEFAULTS.alphaLearningRate),
  alphaWeightDecay: SUPERNET_FIELDS.alphaWeightDecay.default(SUPERNET_DEFAULTS.alphaWeightDecay),
  warmupEpochs: SUPERNET_FIELDS.warmupEpochs.default(SUPERNET_DEFAULTS.warmupEpochs),
  maximumSkips: SUPERNET_FIELDS.maximumSkips.default(SUPERNET_DEFAULTS.maximumSkips),
  evolution: Evolution.optional().describe(
    'Where alpha evolves at the start of each epoch after the warm-up; absent: its gradient moves it.',
  ),
  singlePath: SinglePath.optional().describe(
    'Where there is no alpha: each step trains one path, and the best one is searched for at the end.',
  ),
});
export type Supernet = z.infer<typeof Supernet>;

const ofEachCell = <T extends z.ZodType>(field: T, text: string) =>
  z
    .object({
      normal: field.describe('Of the normal cell.'),
      reduce: field.describe('Of the reduction cell.'),
    })
    .describe(text);

/** The network that a supernet stands for after an epoch. */
export const Derived = z.object({
  genotype: z
    .string()
    .min(1)
    .max(8192)
    .describe('Canonical text of the network that alpha stands for, or that was found.'),
  entropy: ofEachCell(
    z.number().min(0).max(1),
    'Mean over edges of the entropy of the shares of candidates, over that of even shares: 1 is undecided, 0 decided.',
  ).optional(),
  skips: ofEachCell(
    z.int().min(0).max(8),
    'Edges of the derived cell that only pass on what they get: what supernets collapse to.',
  ),
});
export type Derived = z.infer<typeof Derived>;

/** What stands in the place of a genotype until a supernet has derived one. */
export const supernetText = (number: number): string => `supernet ${number}`;
export const isSupernetText = (text: string): boolean => /^supernet \d+$/.test(text);
