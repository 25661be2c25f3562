// What a network costs to answer: multiplications of one picture, and trained numbers.
import { openPlace, VariableTable } from '../primitives/index.ts';
import { type Entry, type Operation, type Program, sizeOf } from '../program/index.ts';
import type { Network, Task } from './network.ts';

export interface NetworkCost {
  /** Multiply-accumulates of convolutions and matrix products for one picture. */
  readonly macs: number;
  /** Trained numbers of the network that answers: without the auxiliary head, feedback weights and running statistics. */
  readonly parameters: number;
}

export function networkCost(network: Network, { height, width, channels }: Task): NetworkCost {
  const variables = new VariableTable();
  const at = openPlace({ mode: 'evaluate', variables, initialization: 'xavier' });
  const value = at.g.input('pictures', [1, height, width, channels]);
  const { logits } = network(at, { value, needsGradient: false });
  const entry = at.g.entry('cost', { logits });
  return { macs: macsOf(entry.operations), parameters: variables.parameterCount };
}

/** Multiply-accumulates of one picture, from the entry that answers (`evaluate`). */
export function countMacs({ entries }: Program): number {
  const entry = entries['evaluate'];
  return entry === undefined ? 0 : macsOf(entry.operations) / batchOf(entry);
}

const batchOf = ({ inputs }: Entry): number => inputs['pictures']?.shape[0] ?? 1;

const macsOf = (operations: readonly Operation[]): number =>
  operations.reduce((sum, operation) => sum + macsOfOne(operation), 0);

/** One output number costs a product with each weight that it sees. */
function macsOfOne({ kind, inputs, attributes, outputs }: Operation): number {
  const [a, b] = inputs;
  const [y] = outputs;
  if (a === undefined || b === undefined || y === undefined) return 0;
  if (kind === 'conv2d') return sizeOf(y.shape) * sizeOf(b.shape.slice(0, 3));
  if (kind !== 'matmul') return 0;
  const transposed = 'transposeA' in attributes && attributes.transposeA;
  return sizeOf(y.shape) * (a.shape[transposed ? 0 : 1] ?? 0);
}
