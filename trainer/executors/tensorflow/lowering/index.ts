// The table of lowerings: one row a kind, put together from the files beside it; a kind without a row does not compile.
import type { Operation, OperationKind } from '../../../program/index.ts';
import type { Output } from '../c-api.ts';
import { arrangement } from './arrangement.ts';
import { branching } from './branching.ts';
import { classification } from './classification.ts';
import { collective } from './collective.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Lowering, Lowerings, Operands, Site } from './lowering.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { sources } from './sources.ts';

export type { Site } from './lowering.ts';
export { lowerUpdates } from './updates.ts';

const lowerings: Lowerings<OperationKind> = {
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

/** @returns one output a value of the operation */
export function lower<K extends OperationKind>(
  site: Site,
  inputs: readonly Output[],
  operation: Operation<K>,
): readonly Output[] {
  const lowering: Lowering<K> = lowerings[operation.kind];
  return lowering(site, inputs as unknown as Operands, operation);
}
