// Elementwise operators, in the layout that the first operand with one of its own lies in.
import type { ElementwiseKind, Operation, OperationKind, Value } from '../../../program/index.ts';
import { isPlain, type Layout, plainOf } from '../layout.ts';
import { type Lowering, type Lowerings, operandsOf, outputOf, type Site } from './lowering.ts';

/** The layout that costs the fewest turns: that of a tensor which lies in one of its own already. */
export function sharedLayout(site: Site, values: readonly Value[], rank: number): Layout {
  const own = values
    .filter(({ shape }) => shape.length === rank)
    .map((value) => site.layoutOf(value))
    .find((layout) => layout !== undefined && !isPlain(layout));
  return own ?? plainOf(rank);
}

/** The operands side by side, and how their result lies. */
function sideBySide(site: Site, operation: Operation) {
  const layout = sharedLayout(site, operation.inputs, outputOf(operation).shape.length);
  return { layout, tensors: operation.inputs.map((value) => site.stretched(value, layout)) };
}

const plain =
  <K extends OperationKind>(type: string): Lowering<K> =>
  (site, operation) => {
    const { layout, tensors } = sideBySide(site, operation);
    return [{ tensor: site.node(type, tensors), layout }];
  };

const comparison =
  <K extends OperationKind>(type: string): Lowering<K> =>
  (site, operation) => {
    const { layout, tensors } = sideBySide(site, operation);
    const to = site.elementOf(outputOf(operation));
    return [{ tensor: site.node('Cast', [site.node(type, tensors)], { to }), layout }];
  };

export const elementwise: Lowerings<ElementwiseKind> = {
  add: plain('Add'),
  subtract: plain('Sub'),
  multiply: plain('Mul'),
  divide: plain('Div'),
  maximum: plain('Max'),
  minimum: plain('Min'),
  less: comparison('Less'),
  equal: comparison('Equal'),
  sqrt: plain('Sqrt'),
  abs: plain('Abs'),
  // WebGPU has no Sign.
  sign: (site, operation) => {
    const { layout, tensors } = sideBySide(site, operation);
    const to = site.elementOf(outputOf(operation));
    const inputs = [...tensors, site.scalar(0)];
    const [above, below] = ['Greater', 'Less'].map((type) =>
      site.node('Cast', [site.node(type, inputs)], { to }),
    ) as [string, string];
    return [{ tensor: site.node('Sub', [above, below]), layout }];
  },
  square: (site, operation) => {
    const { layout, tensors } = sideBySide(site, operation);
    return [{ tensor: site.node('Mul', [...tensors, ...tensors]), layout }];
  },
  floor: plain('Floor'),
  exp: plain('Exp'),
  log: plain('Log'),
  relu: plain('Relu'),
  reluGradient: (site, operation) => {
    const [dy, y] = operandsOf(operation);
    const layout = sharedLayout(site, [y, dy], y.shape.length);
    const passes = site.node('Greater', [site.laid(y, layout), site.scalar(0)]);
    const tensor = site.node('Where', [passes, site.laid(dy, layout), site.scalar(0)]);
    return [{ tensor, layout }];
  },
  cast: (site, operation) => {
    const { layout, tensors } = sideBySide(site, operation);
    const to = site.elementOf(outputOf(operation));
    return [{ tensor: site.node('Cast', tensors, { to }), layout }];
  },
};
