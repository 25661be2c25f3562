// Supernets: one network of all candidates at once, from whose alpha a genotype is derived (DARTS; BioNAS-DARTS of the paper).
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';
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
};

export const SUPERNET_DEFAULTS = {
  none: true,
  partialChannels: 1,
  alphaLearningRate: 3e-4,
  alphaWeightDecay: 1e-3,
  warmupEpochs: 0,
  maximumSkips: 8,
} as const satisfies { readonly [S in keyof typeof SUPERNET_FIELDS]: unknown };

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
  {
    rule: "self.algorithm.name != 'darts' || self.scheduling.name == 'none'",
    message: 'supernets train to their end: scheduling is none',
    fieldPath: '.scheduling.name',
  },
  {
    rule: "self.algorithm.name != 'darts' || !has(self.warmStart)",
    message: 'a supernet begins with all networks: there is no warmStart',
    fieldPath: '.warmStart',
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
  none: SUPERNET_FIELDS.none.default(SUPERNET_DEFAULTS.none),
  partialChannels: SUPERNET_FIELDS.partialChannels.default(SUPERNET_DEFAULTS.partialChannels),
  alphaLearningRate: SUPERNET_FIELDS.alphaLearningRate.default(SUPERNET_DEFAULTS.alphaLearningRate),
  alphaWeightDecay: SUPERNET_FIELDS.alphaWeightDecay.default(SUPERNET_DEFAULTS.alphaWeightDecay),
  warmupEpochs: SUPERNET_FIELDS.warmupEpochs.default(SUPERNET_DEFAULTS.warmupEpochs),
  maximumSkips: SUPERNET_FIELDS.maximumSkips.default(SUPERNET_DEFAULTS.maximumSkips),
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
