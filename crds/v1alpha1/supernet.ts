// Supernets: one network of all candidates at once, from whose alpha a genotype is derived (DARTS; BioNAS-DARTS of the paper).
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';
import { LearningRuleName } from './learning-rule.ts';
import { DartsOperation } from './search-space.ts';

/** What a search may set; the descriptions say the defaults. */
const settings = {
  none: z
    .boolean()
    .describe('Whether mixtures have a candidate that adds zeros, which is never derived.')
    .default(true),
  partialChannels: z
    .int()
    .min(1)
    .max(64)
    .describe('One k-th of the channels goes through mixtures (PC-DARTS: 4); 1 is all.')
    .default(1),
  alphaLearningRate: z
    .number()
    .gt(0)
    .max(100)
    .describe("Learning rate of alpha's Adam.")
    .default(3e-4),
  alphaWeightDecay: z.number().min(0).max(1).describe('L2 penalty on alpha.').default(1e-3),
  warmupEpochs: z
    .int()
    .min(0)
    .max(100_000)
    .describe('First epochs, in which weights learn and alpha stays (PC-DARTS: 15).')
    .default(0),
};

const maximumSkips = z
  .int()
  .min(0)
  .max(8)
  .optional()
  .describe(
    'Ends the supernet where the derived normal cell has more skips than this, and keeps what was derived the epoch before. Default: never.',
  );

/** Fields of spec.algorithm.settings that a search by a supernet takes. */
export const supernetSettings = {
  ...(Object.fromEntries(
    Object.entries(settings).map(([name, field]) => {
      const inner = field.unwrap();
      const text = `${inner.description} (darts, default ${field.parse(undefined)})`;
      return [name, inner.optional().describe(text)];
    }),
  ) as { [K in keyof typeof settings]: z.ZodOptional<ReturnType<(typeof settings)[K]['unwrap']>> }),
  maximumSkips,
};

const noneOf = (names: readonly string[]): string =>
  names.map((name) => `!has(self.settings.${name})`).join(' && ');

/** Rules of spec.algorithm. */
export const SUPERNET_ALGORITHM_RULES: readonly ValidationRule[] = [
  {
    rule: `self.name == 'darts' || !has(self.settings) || (${noneOf(Object.keys(supernetSettings))})`,
    message: `${Object.keys(supernetSettings).join(', ')} are settings of darts`,
    fieldPath: '.settings',
  },
  {
    rule: `self.name != 'darts' || !has(self.settings) || (${noneOf(['population', 'sample', 'mutateRule', 'mutateOperation', 'mutateWiring'])})`,
    message: 'population, sample and the odds of mutations are settings of regularized-evolution',
    fieldPath: '.settings',
  },
];

/** Rules of a search's spec. */
export const SUPERNET_SEARCH_RULES: readonly ValidationRule[] = [
  {
    rule: "self.algorithm.name != 'darts' || self.searchSpace.kind == 'darts'",
    message: 'the algorithm darts searches cells of kind darts',
    fieldPath: '.searchSpace.kind',
  },
  {
    rule: "self.algorithm.name != 'darts' || self.searchSpace.conversion == 'partial'",
    message: 'a supernet searches edges alone, and all else backpropagates: conversion is partial',
    fieldPath: '.searchSpace.conversion',
  },
];

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
    .describe('Rules of the operations that have weights: a candidate each.'),
  ...settings,
  maximumSkips,
});
export type Supernet = z.infer<typeof Supernet>;

const ofEachCell = <T extends z.ZodType>(field: T, text: string) =>
  z
    .object({
      normal: field.describe('Of the normal cell.'),
      reduce: field.describe('Of the reduction cell.'),
    })
    .describe(text);

/** What alpha stands for after an epoch. */
export const Derived = z.object({
  genotype: z
    .string()
    .min(1)
    .max(8192)
    .describe('Canonical text of the network that alpha stands for.'),
  entropy: ofEachCell(
    z.number().min(0).max(1),
    'Mean over edges of the entropy of the shares of candidates, over that of even shares: 1 is undecided, 0 decided.',
  ),
  skips: ofEachCell(
    z.int().min(0).max(8),
    'Edges of the derived cell that only pass on what they get: what supernets collapse to.',
  ),
});
export type Derived = z.infer<typeof Derived>;

/** What stands in the place of a genotype until a supernet has derived one. */
export const supernetText = (number: number): string => `supernet ${number}`;
export const isSupernetText = (text: string): boolean => /^supernet \d+$/.test(text);
