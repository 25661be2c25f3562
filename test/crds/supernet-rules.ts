// Rules between the fields of searches by a supernet and of their Trials, a case each.
import { SUPERNET_DEFAULTS } from '../../crds/index.ts';
import type { RuleCase } from './robustness-rules.ts';

type Json = Record<string, unknown>;
const search = (space: Json, settings: Json = {}): Json => ({
  searchSpace: { kind: 'darts', conversion: 'partial', ...space },
  algorithm: { name: 'darts', settings },
});

export const SUPERNET_SEARCH_CASES: readonly RuleCase[] = [
  {
    good: search({}),
    bad: search({ kind: 'nb201' }),
    path: 'spec.searchSpace.kind',
    message: 'the algorithm darts searches cells of kind darts',
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
  ...Object.entries(SUPERNET_DEFAULTS).map(([setting, value]) => ({
    good: search({}, { [setting]: value }),
    bad: { algorithm: { name: 'random', settings: { [setting]: value } } },
    path: `spec.algorithm.settings.${setting}`,
    message: `${setting} is a setting of darts`,
  })),
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
];
