// Short and readable names of operations, and what their weights learn by.
import { type LearningRuleName, learnsLocally } from '../../crds/index.ts';
import type { Learning } from './presentation.ts';

const SHORT: Readonly<Record<string, string>> = {
  none: '-',
  skip_connect: 'skip',
  max_pool_3x3: 'max3',
  avg_pool_3x3: 'avg3',
  nor_conv_1x1: 'c1',
  nor_conv_3x3: 'c3',
  sep_conv_3x3: 'sep3',
  sep_conv_5x5: 'sep5',
  dil_conv_3x3: 'dil3',
  dil_conv_5x5: 'dil5',
  hebbian_conv_3x3: 'hebb3',
  softhebb_conv_3x3: 'soft3',
  forward_forward_conv_3x3: 'ff3',
};

const READABLE: Readonly<Record<string, string>> = {
  none: 'none',
  skip_connect: 'skip',
  max_pool_3x3: 'max pool 3×3',
  avg_pool_3x3: 'avg pool 3×3',
  nor_conv_1x1: 'conv 1×1',
  nor_conv_3x3: 'conv 3×3',
  sep_conv_3x3: 'sep conv 3×3',
  sep_conv_5x5: 'sep conv 5×5',
  dil_conv_3x3: 'dil conv 3×3',
  dil_conv_5x5: 'dil conv 5×5',
  hebbian_conv_3x3: 'Hebbian conv 3×3',
  softhebb_conv_3x3: 'SoftHebb conv 3×3',
  forward_forward_conv_3x3: 'forward-forward conv 3×3',
};

interface ShownEdge {
  readonly operation: string;
  readonly rule?: LearningRuleName;
}

/** `c3:uSF` */
export function shortEdge({ operation, rule }: ShownEdge): string {
  const name = SHORT[operation] ?? operation;
  return rule === undefined ? name : `${name}:${rule}`;
}

/** `nor_conv_3x3:uSF`, as texts of genotypes have it. */
export const geneOf = ({ operation, rule }: ShownEdge): string =>
  rule === undefined ? operation : `${operation}:${rule}`;

/** An edge's operation in words, and what its weights learn by. */
export function drawnEdge({ operation, rule }: ShownEdge): Learning & { operation: string } {
  const learning = rule === undefined ? {} : { rule };
  const local = learnsLocally(operation) ? { local: true as const } : {};
  return { operation: READABLE[operation] ?? operation, ...learning, ...local };
}
