// Layers that learning rules are tried on: one of each geometry, under a rule, with everything at random.
import {
  createReferenceExecutor,
  type Tensor,
  type Tensors,
} from '../../trainer/executors/index.ts';
import type { LearningRule } from '../../trainer/learning-rules/index.ts';
import {
  type Convolution,
  convolution,
  dense,
  type Layer,
  named,
} from '../../trainer/primitives/index.ts';
import type { Shape } from '../../trainer/program/index.ts';
import { openProbe, type ProbeOptions, probeLayer } from './probe.ts';

const reference = createReferenceExecutor();

interface Case {
  readonly filters: number;
  /** Absent: dense. */
  readonly convolution?: Omit<Convolution, 'filters'>;
  readonly shape: Shape;
}

const CASES: Readonly<Record<string, Case>> = {
  dense: { filters: 5, shape: [4, 7] },
  convolution: {
    filters: 5,
    convolution: { kernel: 3, padding: 1, bias: true },
    shape: [2, 5, 6, 3],
  },
  'strided depthwise convolution': {
    filters: 4,
    convolution: { kernel: 3, padding: 1, stride: 2, groups: 4 },
    shape: [2, 6, 6, 4],
  },
  'dilated grouped convolution': {
    filters: 6,
    convolution: { kernel: 3, padding: 2, dilation: 2, groups: 2 },
    shape: [2, 5, 5, 4],
  },
  'strided convolution without padding': {
    filters: 2,
    convolution: { kernel: 2, stride: 3 },
    shape: [2, 6, 8, 3],
  },
};

export type Subject = readonly [Layer, Shape];

const layerOf = ({ filters, convolution: geometry, shape }: Case): Subject => [
  geometry === undefined ? dense(filters) : convolution({ filters, ...geometry }),
  shape,
];

/** The same layer with as many filters, all of which see the whole input. */
export const ungrouped = (of: Case, filters: number): Subject => {
  const geometry = of.convolution;
  return layerOf({
    ...of,
    filters,
    ...(geometry === undefined ? {} : { convolution: { ...geometry, groups: 1 } }),
  });
};

/** Of the head that a lone layer is under. */
export const CLASSES = 3;

export interface LayerRun {
  readonly outputs: Tensors;
  readonly inputs: Tensors;
  readonly W: Tensor;
  readonly B: Tensor;
  readonly dx: Tensor;
  /** The layer's other variables too. */
  readonly values: Tensors;
  /** Runs again with some inputs or variables changed. */
  again(changed: { inputs?: Tensors; values?: Tensors }): Promise<LayerRun>;
}

/** One layer with weights under a rule, its variables at random from their initial laws. */
export async function runLayer(
  rule: LearningRule,
  [layer, shape]: readonly [Layer, Shape],
  options: ProbeOptions = {},
): Promise<LayerRun> {
  const probe = probeLayer(named('layer', layer), shape, { rule, classes: CLASSES, ...options });
  const { session, inputs, values, outputs } = await openProbe(reference, probe);
  const seen = (from: Tensors, held: Tensors): LayerRun => ({
    outputs: from,
    inputs,
    values: held,
    W: held['layer/weight']!,
    B: from['feedback/layer']!,
    dx: from['dx']!,
    again: async (changed) => {
      const now = { ...held, ...changed.values };
      await session.write(now);
      return seen(await session.run('step', { ...inputs, ...changed.inputs }), now);
    },
  });
  return seen(outputs, values);
}

const dot = (a: Tensor, b: Tensor): number =>
  Array.from(a.data).reduce((sum, each, i) => sum + each * (b.data[i] ?? Number.NaN), 0);
export const norm = (a: Tensor): number => Math.sqrt(dot(a, a));

/** deg(arccos(<B, W> / (|B| |W|))) */
export const angleBetween = (a: Tensor, b: Tensor): number =>
  (Math.acos(Math.min(1, dot(a, b) / (norm(a) * norm(b)))) * 180) / Math.PI;

export const EXACT = 1e-12;
export const LAYERS = Object.entries(CASES).map(([name, of]) => [name, layerOf(of), of] as const);

export const oneLess = (of: Tensor): Tensor => ({ ...of, data: of.data.map((each) => 1 - each) });
