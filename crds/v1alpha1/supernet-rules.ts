// The rules of searches by supernets.
import type { ValidationRule } from '../structural-schema.ts';
import { MEASURED_ON_DEMAND } from './objective.ts';
import { supernetPrecisionRule } from './precision.ts';
import { LOCAL_OPERATIONS } from './search-space.ts';
import { EG_DEFAULTS, NO_NODES, SUPERNET_DEFAULTS } from './supernet.ts';
import { oneWorkerRule } from './workers.ts';

const WITHOUT_WEIGHTS = "['skip_connect', 'max_pool_3x3', 'avg_pool_3x3']";
const LOCAL = `[${LOCAL_OPERATIONS.map((name) => `'${name}'`).join(', ')}]`;

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
  supernetPrecisionRule(OF_SUPERNETS),
  oneWorkerRule('trialTemplate', OF_SUPERNETS),
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
  {
    rule: '!has(self.algorithm.settings.eigenvalueRatio) || self.algorithm.settings.eigenvalueRatio == 0.0 || (has(self.algorithm.settings.eigenvalueSteps) && self.algorithm.settings.eigenvalueSteps > 0)',
    message: 'eigenvalueRatio compares what eigenvalueSteps computes: set them both',
    fieldPath: '.algorithm.settings.eigenvalueRatio',
  },
];
