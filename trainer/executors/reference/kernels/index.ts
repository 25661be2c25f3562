// The table of kernels: one row a kind, put together from the files beside it; a kind without a row does not compile.
import type { Operation, OperationKind } from '../../../program/index.ts';
import type { NdArray } from '../array.ts';
import { arrangement } from './arrangement.ts';
import { branching } from './branching.ts';
import { classification } from './classification.ts';
import { collective } from './collective.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Computed, Kernel, Kernels, Operands, Surroundings } from './kernel.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { sources } from './sources.ts';

export type { Surroundings } from './kernel.ts';

const kernels: Kernels<OperationKind, Computed> = {
  ...sources,
  ...elementwise,
  ...convolution,
  ...pooling,
  ...normalization,
  ...arrangement,
  ...branching,
  ...classification,
  ...collective,
};

/** @returns one array a value of the operation */
export function compute<K extends OperationKind>(
  operation: Operation<K>,
  inputs: readonly NdArray[],
  surroundings: Surroundings,
): Computed {
  const kernel: Kernel<K, Computed> = kernels[operation.kind];
  return kernel(inputs as unknown as Operands, operation, surroundings);
}
