// NAS-Bench-201's networks (Dong & Yang 2020): three stages of one cell, a residual block of stride 2 between them.
import {
  DEFAULT_CELLS,
  type Nb201Edge,
  type Nb201Genotype,
  type Nb201Operation,
} from '../../crds/index.ts';
import {
  averagePool,
  batchNorm,
  classifier,
  convolution,
  forwardForwardConvolution,
  hebbianConvolution,
  identity,
  type Layer,
  learningBy,
  relu,
  reluConvolution,
  residualReduction,
  sequential,
  softHebbConvolution,
} from '../primitives/index.ts';
import { type Node, writeCell } from './cell.ts';
import {
  type Network,
  NetworkError,
  type NetworkPlan,
  requireSide,
  ruleOf,
  type Task,
} from './network.ts';

const STAGES = [0, 1, 2];

type Plan = NetworkPlan<Nb201Genotype>;

/** `none` is no edge at all: it adds zeros and sends nothing back. */
const OPERATIONS: Readonly<Record<Exclude<Nb201Operation, 'none'>, (filters: number) => Layer>> = {
  skip_connect: () => identity,
  nor_conv_1x1: (filters) => reluConvolution({ filters, kernel: 1 }),
  nor_conv_3x3: (filters) => reluConvolution({ filters, kernel: 3 }),
  avg_pool_3x3: () => averagePool({ window: 3, stride: 1, padding: 1 }),
  hebbian_conv_3x3: (filters) => hebbianConvolution({ filters, kernel: 3 }),
  softhebb_conv_3x3: (filters) => softHebbConvolution({ filters, kernel: 3 }),
  forward_forward_conv_3x3: (filters) => forwardForwardConvolution({ filters, kernel: 3 }),
};

function edgeLayer({ operation, rule }: Nb201Edge, filters: number, plan: Plan) {
  if (operation === 'none') return undefined;
  const layer = OPERATIONS[operation](filters);
  return rule === undefined ? layer : learningBy(ruleOf(plan.rules, rule, operation), layer);
}

const nodesOf = (filters: number, plan: Plan): readonly Node[] =>
  plan.genotype.nodes.map((edges: readonly Nb201Edge[], i) => ({
    name: `node${i + 1}`,
    edges: edges.flatMap((edge, from) => {
      const layer = edgeLayer(edge, filters, plan);
      return layer === undefined ? [] : [{ name: `edge${from}`, from, layer }];
    }),
  }));

/** The last node is the cell's output. */
const cell =
  (filters: number, plan: Plan): Layer =>
  (at, x) => {
    const { nodes, backward } = writeCell(at, [x], nodesOf(filters, plan));
    const y = nodes.at(-1) ?? at.g.refuse('a cell without nodes');
    return { y, backward: (dy) => backward([...nodes.slice(1).map(() => undefined), dy])[0] };
  };

function body(plan: Plan): Layer {
  const { shape, task } = plan;
  const cells = shape.cells ?? DEFAULT_CELLS.nb201;
  const stages = STAGES.flatMap((stage) => {
    const filters = shape.channels * 2 ** stage;
    const reduction = [`reduction${stage}`, residualReduction(filters)] as const;
    const ofStage = Array.from(
      { length: cells },
      (_, i) => [`stage${stage + 1}/cell${i}`, cell(filters, plan)] as const,
    );
    return stage === 0 ? ofStage : [reduction, ...ofStage];
  });
  return sequential(
    ['stem/conv', convolution({ filters: shape.channels, kernel: 3, padding: 1 })],
    ['stem/norm', batchNorm()],
    ...stages,
    ['last/norm', batchNorm()],
    ['last/relu', relu],
    ['classifier', classifier(task.classes)],
  );
}

function requireQuarters({ height, width }: Task): void {
  if (height % 4 === 0 && width % 4 === 0) return;
  throw new NetworkError(
    `nb201 halves pictures twice and adds them to averages of 2 x 2 pixels: expected sides divisible by 4, got ${height} x ${width}`,
  );
}

/** @throws NetworkError for pictures whose sides are not divisible by 4 */
export function nb201(plan: Plan): Network {
  requireSide('nb201', plan.task, { least: 4, why: 'halves pictures twice' });
  requireQuarters(plan.task);
  const layer = learningBy(ruleOf(plan.rules, plan.genotype.rest, 'rest'), body(plan));
  return (at, pictures) => {
    const { y, backward } = layer(at, pictures);
    return { logits: y.value, backward };
  };
}
