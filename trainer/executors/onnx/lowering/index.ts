// The table of lowerings, put together from the files beside it; a kind without a row does not compile.
import type { Operation, OperationKind } from '../../../program/index.ts';
import { arrangement } from './arrangement.ts';
import { branching } from './branching.ts';
import { classification } from './classification.ts';
import { collective } from './collective.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Lazy, Lowering, Lowerings, Placed, Site } from './lowering.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { sources } from './sources.ts';

export type { Lazy, NodeAttributes, Placed, Provider, Site } from './lowering.ts';
export { lowerUpdate, type UpdateSite } from './updates.ts';

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

/** @returns one tensor a value of the operation */
export function lower<K extends OperationKind>(
  site: Site,
  operation: Operation<K>,
): readonly (Placed | Lazy)[] {
  const lowering: Lowering<K> = lowerings[operation.kind];
  return lowering(site, operation);
}
