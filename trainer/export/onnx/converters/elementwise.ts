// Add, Mul, Div, Sqrt and Relu. A bias that is added to a product of its own becomes that product's third input.
import type { Value } from '../../../program/index.ts';
import type { Conversion, Converter } from '../conversion.ts';

type Pair = 'add' | 'multiply' | 'divide';

const layoutFor = (y: Value | undefined) => (y?.shape.length === 4 ? 'pictures' : 'plain');

function operand(at: Conversion, value: Value | undefined, y: Value | undefined): string {
  if (value !== undefined && at.isStored(value)) return at.initializer(value, layoutFor(y));
  if (value?.shape.length !== y?.shape.length)
    return at.refuse(`operands of rank ${value?.shape.length} and ${y?.shape.length}`);
  return at.computed(value);
}

const pair =
  <K extends Pair>(opType: string): Converter<K> =>
  (at, { name, inputs, outputs: [y] }) =>
    at.node(opType, { name, inputs: inputs.map((value) => operand(at, value, y)) });

/** Name of the convolution or product that took `b` as its bias, or undefined. */
function asBias(at: Conversion, [a, b]: readonly Value[]): string | undefined {
  if (a === undefined || b === undefined || at.isStored(a) || !at.isStored(b)) return undefined;
  if (b.shape.length !== 1 || b.shape[0] !== a.shape.at(-1) || !at.isPrivate(a)) return undefined;
  const product = at.computed(a);
  if (!at.writer.takesBias(product)) return undefined;
  at.writer.addBias(product, at.initializer(b, 'plain'));
  return product;
}

const plainAdd = pair<'add'>('Add');

export const add: Converter<'add'> = (at, operation) =>
  asBias(at, operation.inputs) ?? plainAdd(at, operation);

export const multiply = pair<'multiply'>('Mul');

export const divide = pair<'divide'>('Div');

export const square: Converter<'square'> = (at, { name, inputs: [x] }) =>
  at.node('Mul', { name, inputs: [at.computed(x), at.computed(x)] });

export const sqrt: Converter<'sqrt'> = (at, { name, inputs: [x] }) =>
  at.node('Sqrt', { name, inputs: [at.computed(x)] });

export const relu: Converter<'relu'> = (at, { name, inputs: [x] }) =>
  at.node('Relu', { name, inputs: [at.computed(x)] });
