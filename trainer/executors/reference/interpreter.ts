// Runs one entry: every operation in order, then the updates, which all see the values from before the step.
import type { Entry, Operation, Update, Value, Variable } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import { at, type NdArray } from './array.ts';
import { compute } from './kernels/index.ts';
import type { Meeting } from './meeting.ts';
import { inPrecisionOf } from './precision.ts';

export interface Step {
  readonly outputs: Readonly<Record<string, NdArray>>;
  /** the variables that changed */
  readonly variables: ReadonlyMap<string, NdArray>;
}

export interface Given {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly variables: ReadonlyMap<string, NdArray>;
  /** Where workers sum up. */
  readonly meeting: Meeting;
}

export async function interpret(
  entry: Entry,
  { inputs, variables, meeting }: Given,
): Promise<Step> {
  const values = new Map<Value, NdArray>();
  const resultOf = (value: Value) => found(values.get(value), entry, `value ${value.id}`);
  const surroundings = {
    fed: (name: string) => found(inputs[name], entry, `input ${name}`),
    variable: (name: string) => found(variables.get(name), entry, `variable ${name}`),
    meeting,
  };
  for (const operation of entry.operations) {
    const there = operation.inputs.filter((value) => values.has(value));
    if (!isThere(operation, there.length)) continue;
    const computed = compute(operation, there.map(resultOf), surroundings);
    const results = computed instanceof Promise ? await computed : computed;
    operation.outputs.forEach((value, i) => {
      if (operation.kind === 'gate' && results[i] === undefined) return;
      const result = found(results[i], entry, `output ${i} of ${operation.name}`);
      values.set(value, inPrecisionOf(value, result));
    });
  }
  const outputs = Object.entries(entry.outputs).map(([name, value]) => [name, resultOf(value)]);
  const happens = (each: Update) => values.has(each.kind === 'assign' ? each.value : each.gradient);
  const updates = entry.updates.filter(happens);
  return {
    outputs: Object.fromEntries(outputs),
    variables: update({ ...entry, updates }, variables, resultOf),
  };
}

/** Absent is what reads something absent, but for a merge of what is there. */
function isThere({ kind, name, inputs }: Operation, there: number): boolean {
  if (kind !== 'merge') return there === inputs.length;
  if (there > 1) throw new ExecutorError(`${name}: expected one value to be there, got ${there}`);
  return there === 1;
}

function found(array: NdArray | undefined, { name }: Entry, what: string): NdArray {
  if (array === undefined) throw new ExecutorError(`entry ${name}: ${what} is not there`);
  return array;
}

/** Two updates of one variable happen in their order. */
function update(
  entry: Entry,
  variables: ReadonlyMap<string, NdArray>,
  resultOf: (value: Value) => NdArray,
): ReadonlyMap<string, NdArray> {
  const changed = new Map<string, NdArray>();
  const now = ({ name }: Variable) =>
    found(changed.get(name) ?? variables.get(name), entry, `variable ${name}`);
  for (const each of entry.updates) {
    if (each.kind === 'assign') changed.set(each.variable.name, resultOf(each.value));
    else {
      const [w, a] = moved(each, [now(each.variable), now(each.accumulator)], resultOf);
      changed.set(each.variable.name, w).set(each.accumulator.name, a);
    }
  }
  return changed;
}

/** a <- m a + g; w <- w - rate (nesterov ? g + m a : a) */
function moved(
  { momentum: m, nesterov, ...each }: Extract<Update, { kind: 'momentum' }>,
  [w, a]: readonly [NdArray, NdArray],
  resultOf: (value: Value) => NdArray,
): readonly [NdArray, NdArray] {
  const g = resultOf(each.gradient).data;
  const rate = at(resultOf(each.rate).data, 0);
  const next = a.data.map((ai, i) => m * ai + at(g, i));
  const step = nesterov ? next.map((ai, i) => at(g, i) + m * ai) : next;
  const data = w.data.map((wi, i) => wi - rate * at(step, i));
  return [
    { ...w, data },
    { ...a, data: next },
  ];
}
