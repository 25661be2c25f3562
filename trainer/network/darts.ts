// Networks of DARTS cells (Liu et al. 2019), as retrained: two kinds of cells, each reading the two cells before it.
import type { DartsEdge, DartsGenotype } from '../../crds/index.ts';
import {
  auxiliaryHead,
  classifier,
  droppingPath,
  type Head,
  identity,
  type Layer,
  learningBy,
  named,
} from '../primitives/index.ts';
import type { Node } from './cell.ts';
import {
  type CellPlan,
  chainBackward,
  isLarge,
  nothingArrived,
  outputsOf,
  PREVIOUS_CELLS,
  strideFrom,
  writeChain,
} from './darts-chain.ts';
import { OPERATIONS } from './darts-operations.ts';
import { type Network, type NetworkPlan, requireSide, ruleOf } from './network.ts';

type Plan = NetworkPlan<DartsGenotype>;

/** An edge with its rule and, unless it is the identity, drop-path; without one of its own (a strided skip) the weights learn by `rest`, the place's rule. */
function edgeLayer(edge: DartsEdge, cell: CellPlan, { rules, dropPath }: Plan): Layer {
  const operation = OPERATIONS[edge.operation](cell.filters, strideFrom(edge.from, cell));
  const layer =
    edge.rule === undefined
      ? operation
      : learningBy(ruleOf(rules, edge.rule, edge.operation), operation);
  return dropPath && operation !== identity ? droppingPath(layer) : layer;
}

const nodesOf =
  (plan: Plan) =>
  (cell: CellPlan): readonly Node[] =>
    plan.genotype[cell.reduces ? 'reduce' : 'normal'].map((edges, i) => ({
      name: `node${i + PREVIOUS_CELLS}`,
      edges: edges.map((edge, j) => ({
        name: `edge${j}`,
        from: edge.from,
        layer: edgeLayer(edge, cell, plan),
      })),
    }));

/** @throws NetworkError for pictures smaller than 4 x 4, or 8 x 8 with the auxiliary head */
export function darts(plan: Plan): Network {
  const { task, genotype, rules, shape } = plan;
  requireSide('darts', task, { least: 4, why: 'halves pictures twice' });
  if (plan.auxiliary)
    requireSide('darts with an auxiliary head', task, { least: 8, why: 'needs 2 x 2 at the end' });
  const rest = ruleOf(rules, genotype.rest, 'rest');
  // The authors left the second batch norm of ImageNet's head out, and kept it so.
  const secondNorm = !isLarge([task.height, task.width]);
  const beside = auxiliaryHead(task.classes, { secondNorm });

  return (place, pictures) => {
    const at = { ...place, rule: rest };
    const chain = writeChain(at, pictures, { shape, nodes: nodesOf(plan) });
    const outputs = outputsOf(chain);
    const output = (place: number) => outputs[place] ?? at.g.refuse('a chain without outputs');
    const last = outputs.length - 1;
    const branch = chain.stems.length + Math.floor((2 * chain.cells.length) / 3);
    const head = named('classifier', classifier(task.classes))(at, output(last));
    const aside: Head = { classes: task.classes };
    const side =
      plan.auxiliary && at.mode === 'train'
        ? named('auxiliary', beside)({ ...at, head: aside }, output(branch))
        : undefined;
    return {
      logits: head.y.value,
      ...(side === undefined ? {} : { auxiliary: side.y.value }),
      backward: (dLogits, dAuxiliary) => {
        const arrived = nothingArrived(chain);
        arrived[last]?.push(head.backward(dLogits));
        if (dAuxiliary !== undefined) aside.error = dAuxiliary;
        if (dAuxiliary !== undefined) arrived[branch]?.push(side?.backward(dAuxiliary));
        return chainBackward(at, chain, arrived);
      },
    };
  };
}
