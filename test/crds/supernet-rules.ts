// Rules between the fields of searches by a supernet and of their Trials, a case each.
import { EG_DEFAULTS, ONE_SHOT_DEFAULTS, SUPERNET_DEFAULTS } from '../../crds/index.ts';
import type { RuleCase } from './robustness-rules.ts';

type Json = Record<string, unknown>;
const NO_NODES =
  'alpha learns in one pass, in which the nodes of PC do not settle: search its cells by another algorithm';
const WARMUP =
  'alpha moves after the warm-up: warmupEpochs (default 0, of eg 15) is less than training.epochs';
const NO_SIGNAL =
  'no signal goes back through any of these candidates, so alpha below the last cell would hear nothing: name an operation that sends one';
const search = (space: Json, settings: Json = {}): Json => ({
  searchSpace: { kind: 'darts', conversion: 'partial', ...space },
  algorithm: { name: 'darts', settings },
});

const evolving = (settings: Json, epochs = 50): Json => ({
  ...search({}),
  algorithm: { name: 'eg', settings },
  training: { epochs },
});

const onePath = (settings: Json): Json => ({
  ...search({}),
  algorithm: { name: 'one-shot', settings },
});

const takersOf = (setting: string): string[] =>
  Object.entries({ darts: SUPERNET_DEFAULTS, eg: EG_DEFAULTS, 'one-shot': ONE_SHOT_DEFAULTS })
    .filter(([, defaults]) => setting in defaults)
    .map(([name]) => name);

export const SUPERNET_SEARCH_CASES: readonly RuleCase[] = [
  {
    good: search({}),
    bad: search({ kind: 'nb201' }),
    path: 'spec.searchSpace.kind',
    message: 'supernets search cells of kind darts',
  },
  {
    good: search({}),
    bad: search({ conversion: 'full' }),
    path: 'spec.searchSpace.conversion',
    message: 'a supernet searches edges alone, and all else backpropagates: conversion is partial',
  },
  {
    good: search({}),
    bad: { ...search({}), scheduling: { name: 'median-stop' } },
    path: 'spec.scheduling.name',
    message: 'supernets train to their end: scheduling is none',
  },
  {
    good: search({}),
    bad: { ...search({}), warmStart: { genotypes: ['darts;'] } },
    path: 'spec.warmStart',
    message: 'a supernet begins with all networks: there is no warmStart',
  },
  {
    good: search({ learningRules: ['PEPITA', 'DFA'] }),
    bad: search({ learningRules: ['PC', 'DFA'] }),
    path: 'spec.searchSpace.learningRules',
    message: NO_NODES,
  },
  {
    good: search({ operations: ['sep_conv_3x3', 'skip_connect'], learningRules: ['PEPITA'] }),
    bad: search({ operations: ['sep_conv_3x3'], learningRules: ['PEPITA'] }),
    path: 'spec.searchSpace.operations',
    message: NO_SIGNAL,
  },
  {
    good: search({ operations: ['hebbian_conv_3x3', 'sep_conv_3x3'], learningRules: ['FA'] }),
    bad: search({ operations: ['hebbian_conv_3x3'], learningRules: ['FA'] }),
    path: 'spec.searchSpace.operations',
    message: NO_SIGNAL,
  },
  {
    good: search({ cells: 3 }),
    bad: search({ cells: 2 }),
    path: 'spec.searchSpace.cells',
    message: 'a supernet of less than 3 cells has no normal cell: cells is at least 3',
  },
  {
    good: search({ channels: 12 }, { partialChannels: 4 }),
    bad: search({ channels: 10 }, { partialChannels: 4 }),
    path: 'spec.algorithm.settings.partialChannels',
    message: 'one k-th of the channels is a whole number: partialChannels divides channels',
  },
  {
    good: { ...search({}, { warmupEpochs: 2 }), training: { epochs: 3 } },
    bad: { ...search({}, { warmupEpochs: 3 }), training: { epochs: 3 } },
    path: 'spec.algorithm.settings',
    message: WARMUP,
  },
  {
    good: search({}, { eigenvalueRatio: 0.75, eigenvalueSteps: 10 }),
    bad: search({}, { eigenvalueRatio: 0.75 }),
    path: 'spec.algorithm.settings.eigenvalueRatio',
    message: 'eigenvalueRatio compares what eigenvalueSteps computes: set them both',
  },
  ...Object.entries(SUPERNET_DEFAULTS).map(([setting, value]) => ({
    good: search({}, { [setting]: value }),
    bad: { algorithm: { name: 'random', settings: { [setting]: value } } },
    path: `spec.algorithm.settings.${setting}`,
    message: `${setting} is a setting of ${takersOf(setting).join(', ')}`,
  })),
  ...Object.entries(EG_DEFAULTS)
    .filter(([setting]) => !(setting in SUPERNET_DEFAULTS) && setting !== 'population')
    .map(([setting, value]) => ({
      good: evolving({ [setting]: value }),
      bad: search({}, { [setting]: value }),
      path: `spec.algorithm.settings.${setting}`,
      message: `${setting} is a setting of ${takersOf(setting).join(', ')}`,
    })),
  ...Object.entries(ONE_SHOT_DEFAULTS)
    .filter(([setting]) => !['population', 'crossover', 'generations'].includes(setting))
    .filter(([setting]) => !(setting in SUPERNET_DEFAULTS))
    .map(([setting, value]) => ({
      good: onePath({ [setting]: value }),
      bad: search({}, { [setting]: value }),
      path: `spec.algorithm.settings.${setting}`,
      message: `${setting} is a setting of one-shot`,
    })),
  {
    good: onePath({ population: 9, crossover: 0.2 }),
    bad: onePath({ none: false }),
    path: 'spec.algorithm.settings.none',
    message: 'none is a setting of darts',
  },
  {
    good: evolving({ population: 50 }),
    bad: evolving({ none: false }),
    path: 'spec.algorithm.settings.none',
    message: 'none is a setting of darts',
  },
  {
    good: evolving({}),
    bad: { ...evolving({}), searchSpace: { kind: 'darts', conversion: 'full' } },
    path: 'spec.searchSpace.conversion',
    message: 'a supernet searches edges alone, and all else backpropagates: conversion is partial',
  },
  {
    good: evolving({ warmupEpochs: 1 }),
    bad: evolving({ warmupEpochs: 0 }),
    path: 'spec.algorithm.settings.warmupEpochs',
    message: 'eg judges by what batch norm has seen: warmupEpochs is at least 1',
  },
  {
    good: evolving({}, 16),
    bad: evolving({}, 15),
    path: 'spec.algorithm.settings',
    message: WARMUP,
  },
  {
    good: evolving({ warmupEpochs: 3 }, 4),
    bad: evolving({ warmupEpochs: 4 }, 4),
    path: 'spec.algorithm.settings',
    message: WARMUP,
  },
];

const trial = (spec: Json): Json => ({
  kind: 'Supernet',
  genotype: 'supernet 0',
  supernet: { learningRules: ['BP', 'FA'] },
  shape: { cells: 3, channels: 4 },
  ...spec,
});
const { supernet: _, ...withoutSupernet } = trial({});

export const SUPERNET_TRIAL_CASES: readonly RuleCase[] = [
  {
    good: trial({}),
    bad: withoutSupernet,
    path: 'spec.supernet',
    message: 'supernet is required where kind is Supernet, and only there',
  },
  {
    good: trial({ supernet: { learningRules: ['PEPITA'] } }),
    bad: trial({ supernet: { learningRules: ['PC'] } }),
    path: 'spec.supernet.learningRules',
    message: NO_NODES,
  },
  {
    good: trial({ genotype: 'supernet 12' }),
    bad: trial({ genotype: 'lenet;conv2=uSF,conv3=FA,fc1=brSF,fc2=frSF' }),
    path: 'spec.genotype',
    message:
      'the genotype of a Supernet is its number, such as supernet 0; other Trials have a network',
  },
  {
    good: trial({ purpose: 'Search' }),
    bad: trial({ purpose: 'Final' }),
    path: 'spec',
    message: 'a supernet is searched in: its purpose is Search, and nothing attacks it',
  },
  {
    good: trial({ template: { workers: 1 } }),
    bad: trial({ template: { workers: 2 } }),
    path: 'spec.template.workers',
    message: 'a supernet is trained by one worker: template.workers is 1',
  },
];
