// A layer or network under a linear loss, sum(dy o y): its outputs and its own gradients.
import type { Executor, Session, Tensor, Tensors } from '../../trainer/executors/index.ts';
import type { LearningRule } from '../../trainer/learning-rules/index.ts';
import type { Network, Task } from '../../trainer/network/index.ts';
import {
  giveLessons,
  type Initialization,
  type Layer,
  type Mode,
  openPlace,
  type Place,
  type Signal,
  settled,
  VariableTable,
  writePasses,
} from '../../trainer/primitives/index.ts';
import {
  add,
  createProgram,
  type Graph,
  multiply,
  type Program,
  type Shape,
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

/**
 * Entry `step`: inputs x, dy (dySide), key; outputs loss, y, dx, gradient/<parameter>, feedback/<path>, shown/<pass>. Further passes see the error of
 * the head above, or else dy.
 */
export interface Probe {
  readonly program: Program;
  readonly variables: VariableTable;
}

interface Written {
  readonly loss: Value;
  readonly y: Value;
  readonly dy: Value;
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
  const x = at.g.input('x', shape);
  const first = write(at, { value: x, needsGradient });
  const { loss, y, dy } = first;
  writePasses(at, { x, error: at.head?.error ?? dy }, write);
  const last = settled(at, first, (place) => write(place, { value: x, needsGradient }));
  const dx = (exact ? first : last).backward();
  giveLessons(at);
  const listed = (prefix: string, values: ReadonlyMap<string, Value>) =>
    Object.fromEntries([...values].map(([name, value]) => [`${prefix}/${name}`, value]));
  const outputs = {
    loss,
    y,
    ...(dx === undefined ? {} : { dx }),
    ...listed('shown', at.passes.shown),
    ...listed('gradient', at.gradients),
    ...listed(
      'feedback',
      new Map([...at.feedback].flatMap(([path, { B }]) => (B ? [[path, B]] : []))),
    ),
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
    return { loss, y: y.value, dy, backward: () => (y.needsGradient ? backward(dy) : undefined) };
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
    if (auxiliary === undefined) return { loss, y: logits, dy, backward: () => backward(dy) };
    const side = weighed(at.g, auxiliary, 'dySide');
    const both = add(at.g, loss, side.loss);
    return { loss: both, y: logits, dy, backward: () => backward(dy, side.dy) };
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
