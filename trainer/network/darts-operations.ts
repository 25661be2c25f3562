// The operations of DARTS cells (Liu et al. 2019), each a layer at some width and stride.
import type { DartsOperation } from '../../crds/index.ts';
import {
  averagePool,
  batchNorm,
  dilatedConvolution,
  factorizedReduce,
  forwardForwardConvolution,
  hebbianConvolution,
  identity,
  type Layer,
  maxPool,
  separableConvolution,
  sequential,
  softHebbConvolution,
} from '../primitives/index.ts';

/** An operation of an edge by its width and stride. */
export const OPERATIONS: Readonly<
  Record<DartsOperation, (filters: number, stride: number) => Layer>
> = {
  skip_connect: (filters, stride) => (stride === 1 ? identity : factorizedReduce(filters)),
  max_pool_3x3: (_, stride) => maxPool({ window: 3, stride, padding: 1 }),
  avg_pool_3x3: (_, stride) => averagePool({ window: 3, stride, padding: 1 }),
  sep_conv_3x3: (filters, stride) => separableConvolution({ filters, kernel: 3, stride }),
  sep_conv_5x5: (filters, stride) => separableConvolution({ filters, kernel: 5, stride }),
  dil_conv_3x3: (filters, stride) => dilatedConvolution({ filters, kernel: 3, stride }),
  dil_conv_5x5: (filters, stride) => dilatedConvolution({ filters, kernel: 5, stride }),
  hebbian_conv_3x3: (filters, stride) => hebbianConvolution({ filters, kernel: 3, stride }),
  softhebb_conv_3x3: (filters, stride) => softHebbConvolution({ filters, kernel: 3, stride }),
  forward_forward_conv_3x3: (filters, stride) =>
    forwardForwardConvolution({ filters, kernel: 3, stride }),
};

const normed = (pool: Layer): Layer => sequential(['pool', pool], ['norm', batchNorm()]);

/** As mixtures have them: pools end with a batch norm, as convolutions do, so that no candidate's outputs are larger than another's. */
export const MIXED_OPERATIONS: typeof OPERATIONS = {
  ...OPERATIONS,
  max_pool_3x3: (filters, stride) => normed(OPERATIONS.max_pool_3x3(filters, stride)),
  avg_pool_3x3: (filters, stride) => normed(OPERATIONS.avg_pool_3x3(filters, stride)),
};
