// The edges of searched cells in Python: the module of each, and what it adds to its node.
import {
  type DartsOperation,
  type LearningRuleName,
  learnsLocally,
  type Nb201Operation,
} from '../../../crds/index.ts';
import { learnedBy } from './module-family.ts';

type Operation = DartsOperation | Nb201Operation;

const SAME = 'channels, channels';

/** Of an operation with a module: its constructor. */
const CONSTRUCTED: Readonly<Partial<Record<Operation, (stride: number) => string>>> = {
  nor_conv_1x1: () => `ReLUConvBN(${SAME}, 1)`,
  nor_conv_3x3: () => `ReLUConvBN(${SAME}, 3)`,
  max_pool_3x3: (stride) => `nn.MaxPool2d(3, stride=${stride}, padding=1)`,
  avg_pool_3x3: (stride) => `nn.AvgPool2d(3, stride=${stride}, padding=1, count_include_pad=False)`,
  sep_conv_3x3: (stride) => `SepConv(${SAME}, 3${strided(stride)})`,
  sep_conv_5x5: (stride) => `SepConv(${SAME}, 5${strided(stride)})`,
  dil_conv_3x3: (stride) => `DepthwiseSeparable(${SAME}, 3${strided(stride)}, dilation=2)`,
  dil_conv_5x5: (stride) => `DepthwiseSeparable(${SAME}, 5${strided(stride)}, dilation=2)`,
  hebbian_conv_3x3: (stride) => `HebbianConv(${SAME}, 3${strided(stride)})`,
  softhebb_conv_3x3: (stride) => `SoftHebbConv(${SAME}, 3${strided(stride)})`,
  forward_forward_conv_3x3: (stride) => `ForwardForwardConv(${SAME}, 3${strided(stride)})`,
};

const strided = (stride: number): string => (stride === 1 ? '' : `, stride=${stride}`);

export interface PlacedEdge {
  readonly name: string;
  readonly operation: Operation;
  readonly rule?: LearningRuleName | undefined;
  /** Of what it reads, among x0, x1, ... */
  readonly from: number;
  readonly stride: number;
  /** Rule of weights that have none of their own. */
  readonly rest: LearningRuleName;
}

/** Line of __init__; undefined where nothing has to be made. */
export function moduleLine(edge: PlacedEdge): string | undefined {
  const { name, operation, rule, stride, rest } = edge;
  if (operation === 'skip_connect')
    return stride === 1
      ? undefined
      : `self.${name} = ${learnedBy(rest, `FactorizedReduce(${SAME})`)}`;
  const module = CONSTRUCTED[operation]?.(stride);
  if (module === undefined) return undefined;
  return `self.${name} = ${rule === undefined || learnsLocally(operation) ? module : learnedBy(rule, module)}`;
}

/** `x3 = self.node3_edge0(x1) + x2`; zeros of x0's shape where no edge comes in. */
export function nodeLine(node: string, edges: readonly PlacedEdge[]): string {
  const terms = edges.flatMap((edge) => {
    const { name, operation, from } = edge;
    if (operation === 'none') return [];
    return [moduleLine(edge) === undefined ? `x${from}` : `self.${name}(x${from})`];
  });
  return `${node} = ${terms.length === 0 ? 'torch.zeros_like(x0)' : terms.join(' + ')}`;
}
