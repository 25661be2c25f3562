// A layer or network under a linear loss, sum(dy o y): its own gradients, and those by central differences.
import type { Executor, Session, Tensor, Tensors } from '../../trainer/executors/index.ts';
import type { LearningRule } from '../../trainer/learning-rules/index.ts';
import type { Network, Task } from '../../trainer/network/index.ts';
import {
  type Initialization,
  type Layer,
  type Mode,
  openPlace,
  type Place,
  type Signal,
  VariableTable,
} from '../../trainer/primitives/index.ts';
import {
  add,
  createProgram,
  type Graph,
  multiply,
  type Program,
  type Shape,
  sizeOf,
  total,
  type Value,
  type Variable,
} from '../../trainer/program/index.ts';
import { randomValues } from './networks.ts';
import { makeTensor, rounded, tensorOf } from './tensors.ts';

export interface ProbeOptions {
  readonly rule?: LearningRule;
  readonly mode?: Mode;
  readonly initialization?: Initialization;
  /** Of a number in a gradient or signal. */
  readonly largest?: number;
  /** Of the head above; adds the inputs `error` and `labels`. Default: no head. */
  readonly classes?: number;
  /** Whether the input wants its gradient, `dx`; default true. */
  readonly needsGradient?: boolean;
  /** Whether the way back is backpropagation's, whatever learns how; default false. */
  readonly exact?: boolean;
}

/** Entry `step`: inputs x, dy (dySide), key; outputs loss, y, dx, gradient/<parameter>, feedback/<path>. */
export interface Probe {
  readonly program: Program;
  readonly variables: VariableTable;
}

interface Written {
  readonly loss: Value;
  readonly y: Value;
  backward(): Value | undefined;
}

const underHead = (at: Place, classes: number, batch: number): Place => ({
  ...at,
  head: { classes, error: at.g.input('error', [batch, classes]) },
  labels: at.g.input('labels', [batch], 'int32'),
});

function probe(shape: Shape, options: ProbeOptions, write: (at: Place, x: Signal) => Written) {
  const {
    mode = 'train',
    initialization = 'xavier',
    needsGradient = true,
    exact = false,
    largest,
    rule,
    classes,
  } = options;
  const variables = new VariableTable();
  const plan = {
    mode,
    variables,
    initialization,
    largest,
    ...(rule === undefined ? {} : { rule }),
  };
  const opened = openPlace(plan);
  const at = classes ? underHead(opened, classes, shape[0] ?? 0) : opened;
  at.backwards.exact = exact;
  const { loss, y, backward } = write(at, { value: at.g.input('x', shape), needsGradient });
  const dx = backward();
  const listed = (prefix: string, values: ReadonlyMap<string, Value>) =>
    Object.fromEntries([...values].map(([name, value]) => [`${prefix}/${name}`, value]));
  const outputs = {
    loss,
    y,
    ...(dx === undefined ? {} : { dx }),
    ...listed('gradient', at.gradients),
    ...listed('feedback', new Map([...at.feedback].map(([path, { B }]) => [path, B]))),
  };
  const entry = at.g.entry('step', outputs, at.updates);
  return { program: createProgram(variables.all, [entry]), variables };
}

const weighed = (g: Graph, y: Value, name: string) => {
  const dy = g.input(name, y.shape);
  return { dy, loss: total(g, multiply(g, y, dy)) };
};

export const probeLayer = (layer: Layer, shape: Shape, options: ProbeOptions = {}): Probe =>
  probe(shape, options, (at, x) => {
    const { y, backward } = layer(at, x);
    const { dy, loss } = weighed(at.g, y.value, 'dy');
    return { loss, y: y.value, backward: () => (y.needsGradient ? backward(dy) : undefined) };
  });

export function probeNetwork(
  network: Network,
  { height, width, channels }: Task,
  { batch = 2, ...options }: ProbeOptions & { batch?: number } = {},
): Probe {
  return probe([batch, height, width, channels], options, (place, x) => {
    const at = { ...place, labels: place.g.input('labels', [batch], 'int32') };
    const { logits, auxiliary, backward } = network(at, x);
    const { dy, loss } = weighed(at.g, logits, 'dy');
    if (auxiliary === undefined) return { loss, y: logits, backward: () => backward(dy) };
    const side = weighed(at.g, auxiliary, 'dySide');
    const both = add(at.g, loss, side.loss);
    return { loss: both, y: logits, backward: () => backward(dy, side.dy) };
  });
}

const float64 = ({ shape, data }: Tensor): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float64Array.from(data),
});

export const inFloat64 = (tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      tensor.dtype === 'float32' ? float64(tensor) : tensor,
    ]),
  );

export const inFloat32 = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, rounded(tensor)]));

/** An input for each of the step's, all different; key: seed 1, step 0. */
export function probeInputs({ program }: Probe, seed = 1): Tensors {
  const inputs = program.entries['step']?.inputs ?? {};
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }], i) => {
      if (name === 'key')
        return [name, { dtype: 'int32' as const, shape, data: Int32Array.of(1, 0) }];
      if (name === 'labels')
        return [
          name,
          {
            dtype: 'int32' as const,
            shape,
            data: Int32Array.from({ length: shape[0] ?? 0 }, (_, n) => (n + 1) % 3),
          },
        ];
      if (name === 'dropPath') return [name, float64(tensorOf([0.3], shape))];
      return [name, float64(makeTensor(shape, seed + i))];
    }),
  );
}

export interface OpenProbe {
  readonly session: Session;
  readonly inputs: Tensors;
  /** What the variables hold. */
  readonly values: Tensors;
  readonly outputs: Tensors;
}

/** Opens the probe with random variables, changed by `adjust`, and runs it once. */
export async function openProbe(
  executor: Executor,
  opened: Probe,
  adjust: (values: Tensors, variables: readonly Variable[]) => Tensors = (values) => values,
): Promise<OpenProbe> {
  const session = await executor.open(opened.program);
  const variables = opened.program.variables;
  const values = adjust(inFloat64(randomValues(variables)), variables);
  await session.write(values);
  const inputs = probeInputs(opened);
  return { session, inputs, values, outputs: await session.run('step', inputs) };
}

/** Small, so that few kinks of ReLU lie between the two sides; in float64 rounding stays below 1e-8. */
const STEP = 1e-6;

/** Up to `count` places of a tensor, spread by a stride that is prime to most sizes. */
const places = (size: number, count: number): readonly number[] =>
  size <= count
    ? [...Array(size).keys()]
    : Array.from({ length: count }, (_, i) => (i * 7919) % size);

async function centralDifference(
  at: number,
  base: Tensor,
  lossOf: (changed: Tensor) => Promise<number>,
): Promise<number> {
  const moved = (by: number): Tensor => {
    const data = Float64Array.from(base.data);
    data[at] = (data[at] ?? 0) + by;
    return { ...base, data };
  };
  return ((await lossOf(moved(STEP))) - (await lossOf(moved(-STEP)))) / (2 * STEP);
}

/**
 * How far the gradients that the program wrote are from central differences of its loss: |g - d| / |d| over up to
 * `count` elements of `x` and of each parameter. A gradient that was not written counts as zeros.
 */
export async function gradientErrors(
  { session, inputs, values, outputs }: OpenProbe,
  { parameters, count = 6 }: { parameters: readonly Variable[]; count?: number },
): Promise<Record<string, number>> {
  const loss = async (changed: Tensors) =>
    (await session.run('step', { ...inputs, ...changed }))['loss']?.data[0] ?? Number.NaN;
  const ofInput = (x: Tensor) => loss({ x });
  const ofVariable = (name: string) => async (value: Tensor) => {
    await session.write({ [name]: value });
    const result = await loss({});
    await session.write({ [name]: values[name]! });
    return result;
  };
  const subjects = [
    ['x', outputs['dx'], inputs['x']!, ofInput] as const,
    ...parameters.map(
      ({ name }) => [name, outputs[`gradient/${name}`], values[name]!, ofVariable(name)] as const,
    ),
  ];
  const errors: Record<string, number> = {};
  for (const [name, written, base, lossOf] of subjects) {
    const at = places(sizeOf(base.shape), count);
    const differences: number[] = [];
    for (const place of at) differences.push(await centralDifference(place, base, lossOf));
    errors[name] = apart(
      at.map((place) => written?.data[place] ?? 0),
      differences,
    );
  }
  return errors;
}

const norm = (numbers: readonly number[]): number => Math.hypot(...numbers);

/** Relative to the truth; where the truth is nothing but rounding, absolute. */
function apart(actual: readonly number[], truth: readonly number[]): number {
  const difference = norm(actual.map((each, i) => each - (truth[i] ?? Number.NaN)));
  return difference / Math.max(norm(truth), 1e-3);
}

/** All parameters move together here, so kinks are nearer. */
const STEP_ALONG = 1e-8;

/**
 * The same for a whole network at once: the relative error of the derivative along a few random directions through
 * the input and all parameters. A wrong gradient anywhere shows; which one, gradientErrors tells.
 */
export async function directionalError(
  { session, inputs, values, outputs }: OpenProbe,
  { parameters, directions = 3 }: { parameters: readonly Variable[]; directions?: number },
): Promise<number> {
  const names = parameters.map(({ name }) => name);
  const base: Tensors = {
    x: inputs['x']!,
    ...Object.fromEntries(names.map((n) => [n, values[n]!])),
  };
  const lossAlong = async (direction: Tensors, by: number): Promise<number> => {
    const { x, ...moved } = Object.fromEntries(
      Object.entries(base).map(([name, tensor]) => [
        name,
        {
          ...tensor,
          data: Float64Array.from(tensor.data, (e, i) => e + by * direction[name]!.data[i]!),
        },
      ]),
    );
    await session.write(moved);
    return (await session.run('step', { ...inputs, x: x! }))['loss']!.data[0]!;
  };
  const [written, truth]: [number[], number[]] = [[], []];
  for (let k = 0; k < directions; k++) {
    const direction = Object.fromEntries(
      Object.entries(base).map(([name, { shape }], i) => [
        name,
        makeTensor(shape, 1000 * (k + 1) + i),
      ]),
    );
    const difference =
      (await lossAlong(direction, STEP_ALONG)) - (await lossAlong(direction, -STEP_ALONG));
    truth.push(difference / (2 * STEP_ALONG));
    written.push(
      Object.entries(direction).reduce((sum, [name, { data }]) => {
        const g = outputs[name === 'x' ? 'dx' : `gradient/${name}`];
        return (
          sum + (g === undefined ? 0 : Array.from(data).reduce((s, v, i) => s + v * g.data[i]!, 0))
        );
      }, 0),
    );
  }
  return apart(written, truth);
}
