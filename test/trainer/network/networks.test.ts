// What networks are made of: published sizes, who learns by which rule, and what is not there.
import { describe, expect, test } from 'vitest';
import { type NetworkShape, parseGenotype, printGenotype } from '../../../crds/index.ts';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { buildNetwork, countMacs, networkCost, type Task } from '../../../trainer/network/index.ts';
import { openPlace, VariableTable } from '../../../trainer/primitives/index.ts';
import {
  createProgram,
  type Operation,
  type Program,
  type Value,
} from '../../../trainer/program/index.ts';
import { makeFixed, makeNb201 } from '../../builders/genotype.ts';
import { makeNetwork, SMALL_NETWORKS } from '../../builders/networks.ts';
import { openProbe, type Probe, probeNetwork } from '../../builders/probe.ts';
import { BIODARTS, DARTS_V2, LR_NAS1 } from '../../builders/published-genotypes.ts';
import { distance, tensorOf } from '../../builders/tensors.ts';

const rules = await loadLearningRules();
const IMAGENET: Task = { height: 224, width: 224, channels: 3, classes: 1000 };
const CIFAR: Task = { height: 32, width: 32, channels: 3, classes: 10 };

interface Size {
  readonly text: string;
  readonly shape: NetworkShape;
  readonly task?: Task;
  readonly auxiliary?: boolean;
  readonly dropPath?: boolean;
}

function build({ text, shape, task = CIFAR, auxiliary = false, dropPath = false }: Size) {
  return buildNetwork({ genotype: parseGenotype(text), shape, task, rules, auxiliary, dropPath });
}

const probed = (size: Size, mode: 'train' | 'evaluate' = 'train'): Probe =>
  probeNetwork(build(size), size.task ?? CIFAR, { mode, needsGradient: false });

const resnet20 = printGenotype(makeFixed('resnet20', 'BP'));
const lenet = printGenotype(makeFixed('lenet', 'BP'));
const lenet5 = printGenotype(makeFixed('lenet5', 'BP'));
const nb201 = (cell: string) => `nb201;${cell};rest=BP`;
const RETRAINED = { cells: 20, channels: 36 };

describe('sizes', () => {
  const conv3 = 'nor_conv_3x3:BP';
  const hebbian = 'hebbian_conv_3x3';
  test.each([
    // paper.md 1.3 and DARTS: 3.35 M, without the auxiliary head
    ['DARTS_V2', DARTS_V2, RETRAINED, { parameters: 3_349_342, macs: 528_359_040 }],
    ['LR_NAS1', LR_NAS1, RETRAINED, { parameters: 2_639_566, macs: 410_772_096 }],
    ['BIODARTS', BIODARTS, RETRAINED, { parameters: 2_867_662, macs: 452_244_096 }],
    // NAS-Bench-201: 1.531546 M and 220.12 MFLOPs; 0.073306 M
    [
      'NAS-Bench-201, all 3x3',
      nb201(`${conv3}~0|${conv3}~0,${conv3}~1|${conv3}~0,${conv3}~1,${conv3}~2`),
      { channels: 16 },
      { parameters: 1_531_546, macs: 220_119_680 },
    ],
    // Number 11 of NATS-Bench: 0.802426 M and 113.95137 MFLOPs, of which 10 are the classifier's biases
    [
      'NAS-Bench-201, mixed',
      nb201(`${conv3}~0|${conv3}~0,avg_pool_3x3~1|none~0,${conv3}~1,avg_pool_3x3~2`),
      { channels: 16 },
      { parameters: 802_426, macs: 113_951_360 },
    ],
    // Weights that learn locally count as the others do.
    [
      'NAS-Bench-201, all Hebbian',
      nb201(`${hebbian}~0|${hebbian}~0,${hebbian}~1|${hebbian}~0,${hebbian}~1,${hebbian}~2`),
      { channels: 16 },
      { parameters: 1_531_546, macs: 220_119_680 },
    ],
    [
      'NAS-Bench-201, one skip',
      nb201('skip_connect~0|none~0,none~1|none~0,none~1,none~2'),
      { channels: 16 },
      { parameters: 73_306, macs: 7_783_040 },
    ],
    // He et al. 2016: 0.27 M
    ['ResNet-20', resnet20, { channels: 16 }, { parameters: 269_722, macs: 40_551_040 }],
    ['LeNet', lenet, { channels: 16 }, { parameters: 128_842, macs: 5_107_584 }],
  ] as const)('%s', (_, text, shape, cost) => {
    expect(networkCost(build({ text, shape }), CIFAR)).toEqual(cost);
  });

  // paper.md 1.3: 4.72 M, 4.01 M and 4.19 M
  test.each([
    ['DARTS_V2', DARTS_V2, { parameters: 4_718_752, macs: 529_911_552 }],
    ['LR_NAS1', LR_NAS1, { parameters: 4_010_944, macs: 435_671_616 }],
    ['BIODARTS', BIODARTS, { parameters: 4_194_304, macs: 465_701_952 }],
  ] as const)('%s on ImageNet', (_, text, cost) => {
    const network = build({ text, shape: { cells: 14, channels: 48 }, task: IMAGENET });
    expect(networkCost(network, IMAGENET)).toEqual(cost);
  });

  // LeCun et al. 1998, without the gaps between conv1 and conv2.
  test('LeNet-5, on 28 x 28', () => {
    const task = { height: 28, width: 28, channels: 1, classes: 10 };
    const network = build({ text: lenet5, shape: { channels: 6 }, task });
    expect(networkCost(network, task)).toEqual({ parameters: 61_706, macs: 416_520 });
  });

  test('the auxiliary head adds 0.48 M numbers in training and none to the network that answers', () => {
    const size = { text: DARTS_V2, shape: RETRAINED, auxiliary: true };
    expect(probed(size).variables.parameterCount).toBe(3_825_768);
    expect(networkCost(build(size), CIFAR).parameters).toBe(3_349_342);
  });

  test('the auxiliary head of large pictures has one batch norm, and the stems are two', () => {
    const task = { ...IMAGENET, height: 128, width: 160 };
    const size = { text: DARTS_V2, shape: { cells: 3, channels: 4 }, task, auxiliary: true };
    const names = probed(size).program.variables.flatMap(({ name, role }) =>
      role === 'parameter' && /^(stem|auxiliary)/.test(name) ? name : [],
    );
    const conv = (at: string) => [`${at}/conv/weight`, `${at}/norm/gamma`, `${at}/norm/beta`];
    expect(names.filter((name) => name.startsWith('stem'))).toEqual(
      ['stem0/half', 'stem0/quarter', 'stem1/eighth'].flatMap(conv),
    );
    expect(names.filter((name) => name.includes('norm') && name.startsWith('aux'))).toEqual([
      'auxiliary/norm1/gamma',
      'auxiliary/norm1/beta',
    ]);
  });

  test('a program has the multiplications of one picture, whatever its batch', () => {
    const network = build({ text: resnet20, shape: { channels: 16 } });
    const variables = new VariableTable();
    const at = openPlace({ mode: 'evaluate', variables, initialization: 'xavier' });
    const value = at.g.input('pictures', [4, 32, 32, 3]);
    const { logits } = network(at, { value, needsGradient: false });
    const program = createProgram(variables.all, [at.g.entry('evaluate', { logits })]);
    expect(countMacs(program)).toBe(networkCost(network, CIFAR).macs);
  });
});

const SMALL = { cells: 3, channels: 4 };
const small: Task = { height: 8, width: 8, channels: 3, classes: 5 };

describe('who learns by which rule', () => {
  const feedbackOf = ({ program }: { program: Program }) =>
    program.variables.filter(({ role }) => role === 'feedback').map(({ name }) => name);

  test('an edge of a DARTS cell has its own rule, the rest that of the genotype', () => {
    const skips = 'skip_connect~0,skip_connect~1';
    const cells = (rule: string, rest: string) => ({
      text: `darts;normal=sep_conv_3x3:${rule}~0,skip_connect~1|${skips}|${skips}|${skips};reduce=${skips}|${skips}|${skips}|${skips};rest=${rest}`,
      shape: SMALL,
      task: small,
    });
    const edge = feedbackOf(probed(cells('FA', 'BP')));
    expect(edge).toHaveLength(4);
    for (const name of edge) expect(name).toMatch(/^cell0\/node2\/edge0\/.*(depth|point)wise\/B$/);
    const rest = feedbackOf(probed(cells('BP', 'FA')));
    expect(rest).toContain('stem/conv/B');
    expect(rest).toContain('cell1/preprocess0/conv/B');
    expect(rest).toContain('cell1/node2/edge0/halves/even/B');
    expect(rest).toContain('classifier/fc/B');
    expect(rest.filter((name) => name.startsWith('cell0/node'))).toEqual([]);
  });

  test('NAS-Bench-201 likewise', () => {
    const size = (rule: 'FA' | 'BP', rest: 'FA' | 'BP') => ({
      text: printGenotype(makeNb201({ operation: 'nor_conv_1x1', rule }, rest)),
      shape: { cells: 1, channels: 4 },
      task: small,
    });
    const [edges, rest] = [size('FA', 'BP'), size('BP', 'FA')].map((one) =>
      feedbackOf(probed(one)),
    );
    expect(edges).toHaveLength(3 * 6);
    expect(rest?.map((name) => name.replace(/\/B$/, ''))).toEqual([
      'stem/conv',
      ...['reduction1', 'reduction2'].flatMap((block) =>
        ['body/a/conv', 'body/b/conv', 'shortcut/conv'].map((conv) => `${block}/${conv}`),
      ),
      'classifier/fc',
    ]);
  });

  test('a fixed network has one a layer, by the names of the contract', () => {
    const names = feedbackOf(
      probed({
        text: resnet20.replace('stage2.block1.conv2=BP', 'stage2.block1.conv2=FA'),
        shape: { channels: 4 },
        task: small,
      }),
    );
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^stage2\.block1\/.*conv2.*\/B$/);
  });
});

describe('what is not there', () => {
  const darts = SMALL_NETWORKS['darts']!;
  const size = { text: darts.genotype, shape: darts.shape, task: darts.task };
  const inputsOf = (probe: Probe) => Object.keys(probe.program.entries['step']!.inputs);

  test('the input dropPath exists in training with drop-path only', () => {
    expect(inputsOf(probed({ ...size, dropPath: true }))).toContain('dropPath');
    expect(inputsOf(probed(size))).not.toContain('dropPath');
    expect(inputsOf(probed({ ...size, dropPath: true }, 'evaluate'))).not.toContain('dropPath');
  });

  test('drop-path spares the identity and takes the strided skip', () => {
    const { operations } = probed({ ...size, dropPath: true }).program.entries['step']!;
    const draws = operations.filter(({ kind }) => kind === 'randomUniform');
    const dropped = draws.flatMap(({ name }) => /^(cell.*)\/drop\//.exec(name)?.[1] ?? []);
    expect(dropped).not.toContain('cell0/node3/edge1');
    expect(dropped).toContain('cell1/node2/edge0');
    expect(dropped).toHaveLength(8 - 1 + 2 * (8 - 1));
  });

  test('the auxiliary head exists in training only', () => {
    const auxiliary = { ...size, auxiliary: true };
    expect(inputsOf(probed(auxiliary))).toContain('dySide');
    expect(inputsOf(probed(auxiliary, 'evaluate'))).not.toContain('dySide');
  });

  test('evaluation has no variable that training lacks', () => {
    const names = (probe: Probe) => probe.program.variables.map(({ name }) => name);
    expect(names(probed(size))).toEqual(expect.arrayContaining(names(probed(size, 'evaluate'))));
  });

  test.each(Object.keys(SMALL_NETWORKS))(
    '%s: no signal is worked out for the pictures',
    async (name) => {
      const one = SMALL_NETWORKS[name]!;
      const probe = probeNetwork(await makeNetwork(one), one.task, { needsGradient: false });
      const entry = probe.program.entries['step']!;
      const needed = ancestorsOf(Object.values(entry.outputs), entry.operations);
      const backward = entry.operations.filter(({ kind }) => kind === 'conv2dInputGradient');
      expect(backward.filter((operation) => !needed.has(operation)).map((o) => o.name)).toEqual([]);
      expect(entry.outputs['dx']).toBeUndefined();
      const { height, width } = one.task;
      const atPictures = backward.filter(
        ({ outputs }) => outputs[0]!.shape.join() === `2,${height},${width},${one.task.channels}`,
      );
      expect(atPictures).toEqual([]);
    },
  );
});

function ancestorsOf(values: readonly Value[], operations: readonly Operation[]) {
  const needed = new Set(values.map(({ id }) => id));
  const kept = new Set<Operation>();
  for (const operation of operations.toReversed()) {
    if (!operation.outputs.some(({ id }) => needed.has(id))) continue;
    kept.add(operation);
    for (const { id } of operation.inputs) needed.add(id);
  }
  return kept;
}

describe('dead ends', () => {
  const withDeadNode = (last: string) => ({
    text: nb201(`nor_conv_3x3:uSF~0|nor_conv_1x1:FA~0,none~1|${last}`),
    shape: { cells: 1, channels: 4 },
    task: small,
  });

  test('a node that nobody reads gets no gradient, and the others all have theirs', () => {
    const { program, variables } = probed(withDeadNode('skip_connect~0,none~1,nor_conv_1x1:BP~2'));
    const gradients = Object.keys(program.entries['step']!.outputs);
    const lacking = variables.parameters.filter(
      ({ name }) => !gradients.includes(`gradient/${name}`),
    );
    expect(lacking.length).toBe(3 * 3);
    for (const { name } of lacking) expect(name).toMatch(/^stage\d\/cell0\/node1\/edge0\//);
  });

  test('a cell of zeros leaves what stands behind it to learn', async () => {
    const probe = probed(withDeadNode('none~0,none~1,none~2'));
    const { outputs } = await openProbe(createReferenceExecutor(), probe);
    expect(Number.isFinite(outputs['loss']?.data[0])).toBe(true);
    expect(outputs['gradient/classifier/fc/weight']).toBeDefined();
    expect(outputs['gradient/stem/conv/weight']).toBeUndefined();
  });
});

test('drop-path of probability 0 changes nothing, and of 0.3 keeps or drops whole pictures', async () => {
  const { genotype: text, shape, task } = SMALL_NETWORKS['darts']!;
  const reference = createReferenceExecutor();
  const plain = await openProbe(reference, probed({ text, shape, task }));
  const dropping = await openProbe(reference, probed({ text, shape, task, dropPath: true }));
  const run = (dropPath: number) =>
    dropping.session.run('step', { ...plain.inputs, dropPath: tensorOf([dropPath], []) });
  expect(distance((await run(0))['y']!, plain.outputs['y']!)).toBeLessThan(1e-12);
  expect(distance((await run(0.3))['y']!, plain.outputs['y']!)).toBeGreaterThan(1e-3);
});
