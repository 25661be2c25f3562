// NAS-Bench-201's networks as PyTorch modules. Edges that lead nowhere are left out, and where no path leads through the cell all
// that comes before its last one: trainer/network/nb201.ts.
import { DEFAULT_CELLS, type Nb201Edge, type Nb201Genotype } from '../../../crds/index.ts';
import { moduleLine, nodeLine, type PlacedEdge } from './edges.ts';
import { learnedBy, type ModuleFamily, type ModulePlan, moduleClass } from './module-family.ts';

type Plan = ModulePlan<Nb201Genotype>;

const nodesOf = ({ genotype: { nodes, rest } }: Plan): readonly (readonly PlacedEdge[])[] =>
  nodes.map((edges: readonly Nb201Edge[], i) =>
    edges.flatMap((edge, from) =>
      edge.operation === 'none'
        ? []
        : [{ ...edge, name: `node${i + 1}_edge${from}`, from, stride: 1, rest }],
    ),
  );

/** Nodes from which a path leads to the last one; 0 is the cell's input. */
function neededNodes(nodes: readonly (readonly PlacedEdge[])[]): ReadonlySet<number> {
  const needed = new Set([nodes.length]);
  for (const [i, edges] of [...nodes.entries()].reverse())
    if (needed.has(i + 1)) for (const { from } of edges) needed.add(from);
  return needed;
}

function cellClass(plan: Plan): string {
  const nodes = nodesOf(plan);
  const needed = neededNodes(nodes);
  const kept = nodes.flatMap((edges, i) => (needed.has(i + 1) ? [{ node: i + 1, edges }] : []));
  return moduleClass({
    name: 'Cell',
    says: 'The searched cell: x0 comes in, x3 goes out, each node is the sum of its edges.',
    takes: ['channels: int'],
    shown: ['x0'],
    modules: kept.flatMap(({ edges }) => edges.flatMap((edge) => moduleLine(edge) ?? [])),
    forward: [...kept.map(({ node, edges }) => nodeLine(`x${node}`, edges)), 'return x3'],
  });
}

const head = ({ task, shape, genotype }: Plan): string[] => [
  `self.norm = nn.BatchNorm2d(${4 * shape.channels})`,
  `self.classifier = ${learnedBy(genotype.rest, `nn.Linear(${4 * shape.channels}, ${task.classes})`)}`,
];
const ANSWER = ['x = F.relu(self.norm(x))', 'return self.classifier(x.mean((2, 3)))'];

function whole(plan: Plan) {
  const { task, shape, genotype } = plan;
  const cells = shape.cells ?? DEFAULT_CELLS.nb201;
  const stages = [1, 2, 3].flatMap((stage) => {
    const channels = shape.channels * 2 ** (stage - 1);
    const reduction = learnedBy(genotype.rest, `ResidualReduction(${channels / 2}, ${channels})`);
    return [
      ...(stage === 1 ? [] : [`self.reduction${stage - 1} = ${reduction}`]),
      `self.stage${stage} = nn.Sequential(*(Cell(${channels}) for _ in range(${cells})))`,
    ];
  });
  const stem = learnedBy(genotype.rest, `ConvBN(${task.channels}, ${shape.channels}, 3)`);
  return {
    modules: [`self.stem = ${stem}`, ...stages, ...head(plan)],
    forward: [
      'x = self.stage1(self.stem(x))',
      'x = self.stage2(self.reduction1(x))',
      'x = self.stage3(self.reduction2(x))',
      ...ANSWER,
    ],
  };
}

const RENAMES = [
  [/^(stage\d)\.cell(\d+)\./, '$1.$2.'],
  [/^(reduction\d)\.body\./, '$1.'],
  [/^(reduction\d\.shortcut)\.conv\./, '$1.'],
  [/^last\.norm\./, 'norm.'],
] as const;

/** What is left of a network whose cells read nothing of their input. */
function lastCell(plan: Plan) {
  const { task, shape } = plan;
  const sides = `${task.height / 4}, ${task.width / 4}`;
  return {
    modules: [`self.cell = Cell(${4 * shape.channels})`, ...head(plan)],
    forward: [
      "# No path leads through the cell: this network's answer is the same to all pictures.",
      `x = pictures.new_zeros(len(pictures), ${4 * shape.channels}, ${sides})`,
      'x = self.cell(x)',
      ...ANSWER,
    ],
    renames: [[/^stage3\.cell\d+\./, 'cell.'], ...RENAMES] as const,
  };
}

export const nb201: ModuleFamily<Nb201Genotype> = (plan) => {
  const isRead = neededNodes(nodesOf(plan)).has(0);
  const network = isRead ? whole(plan) : lastCell(plan);
  return { classes: [cellClass(plan)], renames: RENAMES, ...network };
};
