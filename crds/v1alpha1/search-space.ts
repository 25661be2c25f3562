// What a search may propose: a family of networks, the operations of its edges, and the rules of its layers.
import { z } from 'zod';
import { LearningRuleName, PAPER_RULES } from './learning-rule.ts';

/** DARTS's candidates (Liu et al. 2019). `none` is never derived, so it is no choice of a searched cell. */
export const DARTS_OPERATIONS = [
  'skip_connect',
  'max_pool_3x3',
  'avg_pool_3x3',
  'sep_conv_3x3',
  'sep_conv_5x5',
  'dil_conv_3x3',
  'dil_conv_5x5',
] as const;

/** NAS-Bench-201's candidates (Dong & Yang 2020). */
export const NB201_OPERATIONS = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
] as const;

/** Convolutions that learn by a local rule of their own. A search has them only where its operations name them. */
export const LOCAL_OPERATIONS = [
  'hebbian_conv_3x3',
  'softhebb_conv_3x3',
  'forward_forward_conv_3x3',
] as const;

/** All that an edge may be: the published candidates, which are the default, and those that a search must ask for. */
export const DARTS_EDGES = [...DARTS_OPERATIONS, ...LOCAL_OPERATIONS] as const;
export const NB201_EDGES = [...NB201_OPERATIONS, ...LOCAL_OPERATIONS] as const;

/** Cells in all of a darts network, and a stage of an nb201 network, where nobody says. */
export const DEFAULT_CELLS = { darts: 8, nb201: 5 } as const;

/** Fixed networks, whose every layer has a rule of its own. */
export const FIXED_NETWORKS = ['lenet', 'lenet5', 'resnet20'] as const;

export const DartsOperation = z.enum(DARTS_EDGES);
export type DartsOperation = z.infer<typeof DartsOperation>;
export const Nb201Operation = z.enum(NB201_EDGES);
export type Nb201Operation = z.infer<typeof Nb201Operation>;
export const FixedNetwork = z.enum(FIXED_NETWORKS);
export type FixedNetwork = z.infer<typeof FixedNetwork>;

const ALL_OPERATIONS = [...new Set([...DARTS_EDGES, ...NB201_EDGES])] as [string, ...string[]];

export const SearchSpace = z
  .object({
    kind: z
      .enum(['darts', 'nb201', 'fixed'])
      .describe('Family of networks: DARTS cells, NAS-Bench-201 cells, or one fixed network.'),
    operations: z
      .array(z.enum(ALL_OPERATIONS))
      .min(1)
      .max(12)
      .meta({ 'x-kubernetes-list-type': 'set' })
      .optional()
      .describe(
        `Operations an edge may have. Default: all that the family was published with. ${LOCAL_OPERATIONS.join(', ')} learn by local rules of their own: they have no learning rule to choose, and no signal goes back through them.`,
      ),
    learningRules: z
      .array(LearningRuleName)
      .min(1)
      .max(16)
      .meta({ 'x-kubernetes-list-type': 'set' })
      .default([...PAPER_RULES])
      .describe(
        'Learning rules a layer with weights may have. Default: those of the BioNAS paper, and BP.',
      ),
    conversion: z
      .enum(['full', 'partial'])
      .default('full')
      .describe(
        'partial: only the operations on edges have a searched rule, the rest of the network backpropagates, as in the paper. full: the rest (stem, preprocessing, reductions, classifier) has a searched rule too.',
      ),
    network: FixedNetwork.optional().describe('The network, where kind is fixed.'),
    cells: z
      .int()
      .min(1)
      .max(60)
      .optional()
      .describe(
        `Cells in all (darts, default ${DEFAULT_CELLS.darts}) or cells a stage (nb201, default ${DEFAULT_CELLS.nb201}).`,
      ),
    channels: z.int().min(1).max(1024).default(16).describe('Channels of the first stage.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "self.kind == 'fixed' ? has(self.network) : !has(self.network)",
        message: 'network is required where kind is fixed, and only there',
        fieldPath: '.network',
      },
      {
        rule: "self.kind != 'fixed' || (!has(self.operations) && !has(self.cells))",
        message: 'a fixed network has neither operations nor cells to choose',
      },
      {
        rule: "self.kind != 'fixed' || self.conversion == 'full'",
        message: 'every layer of a fixed network has a searched rule: conversion is full',
        fieldPath: '.conversion',
      },
      {
        rule: `self.kind != 'darts' || !has(self.operations) || self.operations.all(o, o in ${JSON.stringify(DARTS_EDGES).replaceAll('"', "'")})`,
        message: `operations of darts are ${DARTS_EDGES.join(', ')}`,
        fieldPath: '.operations',
      },
      {
        rule: `self.kind != 'nb201' || !has(self.operations) || self.operations.all(o, o in ${JSON.stringify(NB201_EDGES).replaceAll('"', "'")})`,
        message: `operations of nb201 are ${NB201_EDGES.join(', ')}`,
        fieldPath: '.operations',
      },
    ],
  });
export type SearchSpace = z.infer<typeof SearchSpace>;
