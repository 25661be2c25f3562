// Elementwise operators: TensorFlow's own, under its own names.
import type { ElementwiseKind, Operation, OperationKind } from '../../../program/index.ts';
import type { Lowering, Lowerings } from './lowering.ts';

const binary =
  <K extends OperationKind>(type: string): Lowering<K> =>
  (site, [a, b]) => [site.node(type, [a, b])];

const unary =
  <K extends OperationKind>(type: string): Lowering<K> =>
  (site, [x]) => [site.node(type, [x])];

const comparison =
  <K extends OperationKind>(type: string): Lowering<K> =>
  (site, [a, b]) => {
    const truth = site.node(type, [a, b], {}, 'truth');
    return [site.node('Cast', [truth], { DstT: { type: 'float32' } })];
  };

/** x [..., C] + bias [C]: the form that TensorFlow fuses with the convolution or product before it. */
function addsBias({ inputs: [x, bias] }: Operation): boolean {
  if (x === undefined || bias === undefined || x.dtype !== 'float32') return false;
  return x.shape.length >= 2 && bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1);
}

export const elementwise: Lowerings<ElementwiseKind> = {
  add: (site, [a, b], operation) => [site.node(addsBias(operation) ? 'BiasAdd' : 'AddV2', [a, b])],
  subtract: binary('Sub'),
  multiply: binary('Mul'),
  divide: binary('RealDiv'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  less: comparison('Less'),
  equal: comparison('Equal'),
  sqrt: unary('Sqrt'),
  abs: unary('Abs'),
  sign: unary('Sign'),
  square: unary('Square'),
  floor: unary('Floor'),
  exp: unary('Exp'),
  log: unary('Log'),
  relu: unary('Relu'),
  reluGradient: binary('ReluGrad'),
  cast: (site, [x], { attributes: { to } }) => [site.node('Cast', [x], { DstT: { type: to } })],
};
