// Networks of DARTS cells as PyTorch modules, a line a cell: trainer/network/darts.ts. The auxiliary head is for training alone.
import type { DartsGenotype } from '../../../crds/index.ts';
import { cellPlans, inputsOf, isLarge, strideFrom } from '../../../trainer/network/index.ts';
import { moduleLine, nodeLine, type PlacedEdge } from './edges.ts';
import { learnedBy, type ModuleFamily, type ModulePlan, moduleClass } from './module-family.ts';

type Plan = ModulePlan<DartsGenotype>;
type Kind = 'normal' | 'reduce';

/** A cell's inputs are its nodes 0 and 1. */
const INPUTS = 2;
const CLASSES: Readonly<Record<Kind, string>> = { normal: 'NormalCell', reduce: 'ReduceCell' };
const SAYS: Readonly<Record<Kind, string>> = {
  normal: 'The searched cell that keeps the size of its pictures',
  reduce: 'The searched cell that halves its pictures',
};

function nodesOf({ genotype }: Plan, kind: Kind): readonly (readonly PlacedEdge[])[] {
  const cell = { filters: 0, reduces: kind === 'reduce', follows: false };
  return genotype[kind].map((edges, i) =>
    edges.map((edge, j) => ({
      ...edge,
      name: `node${i + INPUTS}_edge${j}`,
      stride: strideFrom(edge.from, cell),
      rest: genotype.rest,
    })),
  );
}

function cellClass(plan: Plan, kind: Kind): string {
  const nodes = nodesOf(plan, kind);
  const names = nodes.map((_, i) => `x${i + INPUTS}`);
  const { rest } = plan.genotype;
  return moduleClass({
    name: CLASSES[kind],
    says: `${SAYS[kind]}. With halve, those of the cell before the last are twice as large.`,
    takes: ['before: int', 'last: int', 'channels: int', 'halve: bool'],
    shown: ['before', 'last'],
    modules: [
      'first = FactorizedReduce(before, channels) if halve else ReLUConvBN(before, channels, 1)',
      `self.preprocess0 = ${learnedBy(rest, 'first')}`,
      `self.preprocess1 = ${learnedBy(rest, 'ReLUConvBN(last, channels, 1)')}`,
      ...nodes.flatMap((edges) => edges.flatMap((edge) => moduleLine(edge) ?? [])),
    ],
    forward: [
      'x0 = self.preprocess0(before)',
      'x1 = self.preprocess1(last)',
      ...nodes.map((edges, i) => nodeLine(names[i] ?? '', edges)),
      `return torch.cat([${names.join(', ')}], 1)`,
    ],
  });
}

/** A stem or a cell: what it is called, the channels that it gives, and how it is made and called. */
interface Link {
  readonly name: string;
  readonly width: number;
  readonly module: string;
  readonly call: string;
}

function stemsOf({ task, shape: { channels }, genotype: { rest } }: Plan): readonly Link[] {
  if (!isLarge([task.height, task.width])) {
    const module = learnedBy(rest, `ConvBN(${task.channels}, ${3 * channels}, 3)`);
    return [{ name: 'stem', width: 3 * channels, module, call: 'self.stem(x)' }];
  }
  const half = Math.max(1, Math.floor(channels / 2));
  const conv = (from: number, to: number) => learnedBy(rest, `ConvBN(${from}, ${to}, 3, stride=2)`);
  const quarter = `nn.Sequential(${conv(task.channels, half)}, nn.ReLU(), ${conv(half, channels)})`;
  const eighth = conv(channels, channels);
  return [
    { name: 'stem0', width: channels, module: quarter, call: 'self.stem0(x)' },
    { name: 'stem1', width: channels, module: eighth, call: 'self.stem1(F.relu(stem0))' },
  ];
}

/** Stems and cells, each behind what it reads. */
function chainOf(plan: Plan): readonly Link[] {
  const links = [...stemsOf(plan)];
  const stems = links.length;
  for (const [i, { filters, reduces, follows }] of cellPlans(plan.shape, stems).entries()) {
    const kind = reduces ? 'reduce' : 'normal';
    const read = inputsOf(i, stems).flatMap((place) => links[place] ?? []);
    const widths = read.map(({ width }) => width).join(', ');
    const halve = follows ? 'True' : 'False';
    links.push({
      name: `cell${i}`,
      width: filters * plan.genotype[kind].length,
      module: `${CLASSES[kind]}(${widths}, ${filters}, halve=${halve})`,
      call: `self.cell${i}(${read.map(({ name }) => name).join(', ')})`,
    });
  }
  return links;
}

const RENAMES = [
  [/^stem0\.half\./, 'stem0.0.'],
  [/^stem0\.quarter\./, 'stem0.2.'],
  [/^stem1\.eighth\./, 'stem1.'],
  [/\.halves\.even\./, '.even.'],
  [/\.halves\.odd\.conv\./, '.odd.'],
] as const;

export const darts: ModuleFamily<DartsGenotype> = (plan) => {
  const { task, genotype } = plan;
  const links = chainOf(plan);
  const last = links.at(-1);
  const kinds = (['normal', 'reduce'] as const).filter((kind) =>
    links.some(({ module }) => module.startsWith(CLASSES[kind])),
  );
  const classifier = learnedBy(genotype.rest, `nn.Linear(${last?.width}, ${task.classes})`);
  return {
    classes: kinds.map((kind) => cellClass(plan, kind)),
    modules: [
      ...links.map(({ name, module }) => `self.${name} = ${module}`),
      `self.classifier = ${classifier}`,
    ],
    forward: [
      ...links.map(({ name, call }) => `${name} = ${call}`),
      `return self.classifier(${last?.name}.mean((2, 3)))`,
    ],
    renames: RENAMES,
  };
};
