// Supernets: one network of all candidates at once, from whose alpha a genotype is derived (DARTS; BioNAS-DARTS of the paper).
import { z } from 'zod';
import { LearningRuleName } from './learning-rule.ts';
import { DartsOperation } from './search-space.ts';

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
  eigenvalueSteps: z
    .int()
    .min(0)
    .max(10_000)
    .describe(
      "Steps of power iteration for the dominant eigenvalue of the loss's Hessian in alpha, after each epoch; 0 is none.",
    ),
  eigenvalueRatio: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'Ends the supernet where the mean eigenvalue of the 5 epochs before, over that of the last 5, is below this, and keeps what was derived 5 epochs ago (Zela et al. 2020: 0.75); 0 is never.',
    ),
};

export const SUPERNET_DEFAULTS = {
  none: true,
  partialChannels: 1,
  alphaLearningRate: 3e-4,
  alphaWeightDecay: 1e-3,
  warmupEpochs: 0,
  maximumSkips: 8,
  eigenvalueSteps: 0,
  eigenvalueRatio: 0,
} as const satisfies { readonly [S in keyof typeof SUPERNET_FIELDS]: unknown };

/** PC's nodes settle in the pass that weights learn in; the slopes of alpha would be those of nodes that have not. */
export const NO_NODES =
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
  eigenvalueSteps: SUPERNET_FIELDS.eigenvalueSteps.default(SUPERNET_DEFAULTS.eigenvalueSteps),
  eigenvalueRatio: SUPERNET_FIELDS.eigenvalueRatio.default(SUPERNET_DEFAULTS.eigenvalueRatio),
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
  eigenvalue: z
    .number()
    .min(0)
    .optional()
    .describe(
      "Size of the dominant eigenvalue of the loss's Hessian in alpha, where it was asked for.",
    ),
});
export type Derived = z.infer<typeof Derived>;

/** What stands in the place of a genotype until a supernet has derived one. */
export const supernetText = (number: number): string => `supernet ${number}`;
export const isSupernetText = (text: string): boolean => /^supernet \d+$/.test(text);
