// The rules of search spaces: each is met by one manifest and broken by another.
import type { RuleCase } from './robustness-rules.ts';

type Json = Record<string, unknown>;
const darts = (rest: Json) => ({ searchSpace: { kind: 'darts', ...rest } });
const nb201 = (rest: Json) => ({ searchSpace: { kind: 'nb201', ...rest } });
const fixed = (rest: Json) => ({ searchSpace: { kind: 'fixed', network: 'lenet', ...rest } });

export const SPACE_CASES: readonly RuleCase[] = [
  {
    good: fixed({}),
    bad: { searchSpace: { kind: 'fixed' } },
    path: 'spec.searchSpace.network',
    message: 'network is required where kind is fixed, and only there',
  },
  {
    good: darts({}),
    bad: darts({ network: 'lenet' }),
    path: 'spec.searchSpace.network',
    message: 'network is required where kind is fixed, and only there',
  },
  {
    good: darts({ cells: 8 }),
    bad: fixed({ cells: 8 }),
    path: 'spec.searchSpace',
    message: 'a fixed network has neither operations nor cells to choose',
  },
  {
    good: nb201({ operations: ['none'] }),
    bad: fixed({ operations: ['none'] }),
    path: 'spec.searchSpace',
    message: 'a fixed network has neither operations nor cells to choose',
  },
  {
    good: nb201({ conversion: 'partial' }),
    bad: fixed({ conversion: 'partial' }),
    path: 'spec.searchSpace.conversion',
    message: 'every layer of a fixed network has a searched rule: conversion is full',
  },
  {
    good: darts({ operations: ['skip_connect', 'hebbian_conv_3x3'] }),
    bad: darts({ operations: ['skip_connect', 'none'] }),
    path: 'spec.searchSpace.operations',
    message:
      'operations of darts are skip_connect, max_pool_3x3, avg_pool_3x3, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5, hebbian_conv_3x3, softhebb_conv_3x3, forward_forward_conv_3x3',
  },
  {
    good: nb201({ operations: ['softhebb_conv_3x3', 'nor_conv_1x1'] }),
    bad: nb201({ operations: ['none', 'sep_conv_3x3'] }),
    path: 'spec.searchSpace.operations',
    message:
      'operations of nb201 are none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, hebbian_conv_3x3, softhebb_conv_3x3, forward_forward_conv_3x3',
  },
];
