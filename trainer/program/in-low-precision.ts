// Mixed precision as a rewriting of an entry (docs/adr/0035): products compute on bfloat16 or float16, and what only moves, cuts or norms
// their results follows. Everything else, and all that is kept (variables, statistics, loss), stays float32.
import type { OperationKind } from './operations.ts';
import type { Entry, Operation } from './program.ts';
import type { LowPrecision, Value } from './values.ts';

const PRODUCTS: readonly OperationKind[] = [
  'matmul',
  'conv2d',
  'conv2dInputGradient',
  'conv2dFilterGradient',
];

/** Inputs that are pictures or signals, the one first that decides: where it is low, they and the first output are. */
const FOLLOWERS: Partial<Record<OperationKind, readonly number[]>> = {
  relu: [0],
  reluGradient: [1, 0],
  batchNorm: [0],
  batchNormGradient: [1, 0],
  reshape: [0],
  transpose: [0],
  slice: [0],
  pad: [0],
};

/** Low where all of their inputs are. */
const JOINING: readonly OperationKind[] = ['add', 'concat'];

/** Of few terms a sum: nothing to gain, and not every library has their gradients. */
function isGrouped({ kind, inputs, attributes }: Operation): boolean {
  const [first, second] = inputs.map(({ shape }) => shape);
  if (kind === 'conv2d') return first?.[3] !== second?.[2];
  if ('inputShape' in attributes && kind === 'conv2dInputGradient')
    return attributes.inputShape[3] !== first?.[2];
  if ('filterShape' in attributes) return attributes.filterShape[2] !== first?.[3];
  return false;
}

class Rewriting {
  readonly operations: Operation[] = [];
  readonly #precision: LowPrecision;
  /** The low form of values that have one: they were computed so, or were cast. */
  readonly #low = new Map<Value, Value>();
  readonly #computedLow = new Set<Value>();
  /** Of those, the ones that have their float32 form, too. */
  readonly #castBack = new Set<Value>();
  readonly #names = new Map<Value, string>();
  #next: number;

  constructor({ operations }: Entry, precision: LowPrecision) {
    this.#precision = precision;
    const ids = operations.flatMap(({ outputs }) => outputs.map(({ id }) => id));
    this.#next = ids.reduce((most, id) => Math.max(most, id), 0) + 1;
  }

  add(operation: Operation): void {
    operation.outputs.forEach((value, i) => {
      this.#names.set(value, `${operation.name}/output_${i}`);
    });
    const lowered = this.#lowered(operation);
    const isLow = lowered.length > 0;
    const inputs = operation.inputs.map((value, i) =>
      lowered.includes(i) ? this.#inLow(value) : this.inFull(value),
    );
    const outputs = operation.outputs.map((value, i) =>
      isLow && i === 0 ? this.#onlyInLow(value) : value,
    );
    this.operations.push({ ...operation, inputs, outputs });
  }

  /** The value itself, cast first where it was computed low. */
  inFull(value: Value): Value {
    const low = this.#low.get(value);
    if (low === undefined || !this.#computedLow.has(value) || this.#castBack.has(value))
      return value;
    this.#castBack.add(value);
    this.#cast(low, value);
    return value;
  }

  /** Which inputs of an operation go low; none: it is as it was. */
  #lowered({ inFull, ...operation }: Operation): readonly number[] {
    const { kind, inputs } = operation;
    const all = inputs.map((_, i) => i);
    const isLow = (i: number) => this.#computedLow.has(inputs[i] as Value);
    if (inFull === true) return [];
    if (PRODUCTS.includes(kind)) return isGrouped(operation) ? [] : all;
    if (JOINING.includes(kind)) return all.every(isLow) ? all : [];
    const following = FOLLOWERS[kind] ?? [];
    return following.slice(0, 1).every(isLow) ? following : [];
  }

  #onlyInLow(value: Value): Value {
    const low = { ...value, id: this.#next++, dtype: this.#precision };
    this.#low.set(value, low);
    this.#computedLow.add(value);
    return low;
  }

  #inLow(value: Value): Value {
    const known = this.#low.get(value);
    if (known !== undefined) return known;
    const low = { ...value, id: this.#next++, dtype: this.#precision };
    this.#cast(value, low, value);
    this.#low.set(value, low);
    return low;
  }

  #cast(from: Value, to: Value, named: Value = to): void {
    const name = `${this.#names.get(named)}/${to.dtype}`;
    const attributes = { to: to.dtype };
    this.operations.push({ kind: 'cast', name, inputs: [from], attributes, outputs: [to] });
  }
}

/** The entry with its products in `precision`: the same inputs, outputs and updates. */
export function inLowPrecision(entry: Entry, precision: LowPrecision): Entry {
  const rewriting = new Rewriting(entry, precision);
  for (const operation of entry.operations) rewriting.add(operation);
  const { outputs, updates } = entry;
  for (const value of Object.values(outputs)) rewriting.inFull(value);
  for (const update of updates)
    for (const value of update.kind === 'assign' ? [update.value] : [update.rate, update.gradient])
      rewriting.inFull(value);
  return { ...entry, operations: rewriting.operations };
}
