// One row a kind that inference uses. A kind without a row is refused by its name.
import type { OperationKind } from '../../../program/index.ts';
import type { Converter } from '../conversion.ts';
import { broadcast, concat, pad, reshape, slice } from './arrangement.ts';
import { add, divide, multiply, relu, sqrt, square } from './elementwise.ts';
import { averagePool, maxPool, mean } from './pooling.ts';
import { batchNormInference, conv2d, matmul } from './weighted.ts';

export const CONVERTERS = {
  add,
  multiply,
  divide,
  square,
  sqrt,
  relu,
  conv2d,
  matmul,
  batchNormInference,
  maxPool,
  averagePool,
  mean,
  concat,
  slice,
  pad,
  reshape,
  broadcast,
} as const satisfies { readonly [K in OperationKind]?: Converter<K> };
