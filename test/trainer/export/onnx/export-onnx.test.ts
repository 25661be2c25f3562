// What an exported model looks like: names, shapes, layouts, no needless nodes; and what is refused.
import { describe, expect, test } from 'vitest';
import { exportOnnx, OnnxExportError } from '../../../../trainer/export/index.ts';
import { decodeModel } from '../../../../trainer/onnx-model/index.ts';
import { VariableTable } from '../../../../trainer/primitives/index.ts';
import {
  add,
  conv2d,
  type Entry,
  Graph,
  matmul,
  multiply,
  padded,
  reshape,
  slice,
  sum,
  type Value,
  type Variable,
} from '../../../../trainer/program/index.ts';
import { inferenceEntry } from '../../../../trainer/training/index.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../../../builders/networks.ts';

const statistics = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };

async function exportedModel(name: string, metadata: Record<string, string> = {}) {
  const small = SMALL_NETWORKS[name];
  if (small === undefined) throw new Error(`no small network ${name}`);
  const variables = new VariableTable();
  const network = await makeNetwork(small);
  const entry = inferenceEntry({ network, task: small.task, statistics, variables });
  const values = randomValues(variables.all);
  return { model: decodeModel(exportOnnx({ entry, values, metadata })), values };
}

const parameter = (name: string, shape: number[]): Variable => ({
  name,
  shape,
  role: 'parameter',
  initializer: { kind: 'constant', value: 1 },
});

/** An entry of one's own from pictures [1,2,2,3] to logits. */
function entryOf(write: (g: Graph, pictures: Value) => Value): Entry {
  const g = new Graph();
  const pictures = g.input('pictures', [1, 2, 2, 3]);
  return g.entry('infer', { logits: write(g, pictures) });
}

const exportedNodes = (entry: Entry, variables: readonly Variable[] = []) =>
  decodeModel(exportOnnx({ entry, values: randomValues(variables), metadata: {} })).graph.node;

describe('an exported LeNet', () => {
  test('takes pictures [batch,C,H,W] and gives logits [batch,classes]', async () => {
    const { graph, ...model } = (await exportedModel('lenet')).model;
    expect(model).toMatchObject({
      irVersion: 8,
      producerName: 'bionas',
      opsetImport: [{ domain: '', version: 17 }],
    });
    const shapeOf = ([info]: typeof graph.input) => [
      info?.name,
      info?.type.tensorType.shape?.dim.map((side) =>
        'dimParam' in side ? side.dimParam : side.dimValue,
      ),
    ];
    expect(shapeOf(graph.input)).toEqual(['pictures', ['batch', 3, 18, 20]]);
    expect(shapeOf(graph.output)).toEqual(['logits', ['batch', 7]]);
  });

  test('normalises, folds each bias into its product, and has no other node', async () => {
    const { model } = await exportedModel('lenet');
    expect(model.graph.node.map(({ opType }) => opType)).toEqual([
      ...['Mul', 'Add'],
      ...['Conv', 'Relu', 'MaxPool', 'Conv', 'Relu', 'MaxPool', 'Conv', 'Relu'],
      ...['GlobalAveragePool', 'Flatten', 'Gemm', 'Relu', 'Gemm'],
    ]);
  });

  test('keeps weights under their names, filters as OIHW', async () => {
    const { model, values } = await exportedModel('lenet');
    const dims = Object.fromEntries(model.graph.initializer.map((each) => [each.name, each.dims]));
    expect(dims).toMatchObject({
      'conv2/weight': [64, 32, 3, 3],
      'conv2/bias': [64],
      'fc1/weight': [128, 256],
    });
    const { rawData } = model.graph.initializer.find(({ name }) => name === 'conv2/weight') ?? {};
    const [o, i, h, w] = [5, 7, 2, 1]; // one number of each layout
    const at = ((o * 32 + i) * 3 + h) * 3 + w;
    const number = Buffer.from(rawData ?? []).readFloatLE(4 * at);
    expect(number).toBe(values['conv2/weight']?.data[((h * 3 + w) * 32 + i) * 64 + o]);
  });

  test('carries what it was told about itself', async () => {
    const metadata = { genotype: 'lenet;...', accuracy: '0.5' };
    const { model } = await exportedModel('lenet', metadata);
    expect(model.metadataProps).toEqual([
      { key: 'genotype', value: 'lenet;...' },
      { key: 'accuracy', value: '0.5' },
    ]);
  });
});

describe.each(Object.keys(SMALL_NETWORKS))('an exported %s', (name) => {
  test('has no Transpose, and each node reads what came before it', async () => {
    const { graph } = (await exportedModel(name)).model;
    expect(graph.node.map(({ opType }) => opType)).not.toContain('Transpose');
    const known = new Set(['pictures', ...graph.initializer.map((each) => each.name)]);
    for (const { input, output } of graph.node) {
      expect([...known]).toEqual(expect.arrayContaining([...input]));
      for (const each of output) expect(known.has(each)).toBe(false);
      for (const each of output) known.add(each);
    }
    expect(known.has('logits')).toBe(true);
  });

  test('has no initializer that nobody reads', async () => {
    const { graph } = (await exportedModel(name)).model;
    const read = new Set(graph.node.flatMap(({ input }) => input));
    expect(graph.initializer.filter((each) => !read.has(each.name))).toEqual([]);
  });
});

describe('flattened pictures', () => {
  test('of many pixels are turned back to the order that the weights know', () => {
    const w = parameter('fc/weight', [12, 4]);
    const entry = entryOf((g, x) => matmul(g, reshape(g, x, [1, 12]), g.read(w)));
    expect(exportedNodes(entry, [w]).map(({ opType }) => opType)).toEqual([
      'Transpose',
      'Flatten',
      'Gemm',
    ]);
  });

  test('of one channel are not turned', () => {
    const entry = entryOf((g, x) => reshape(g, slice(g, x, [0, 0, 0, 1], [1, 2, 2, 1]), [1, 4]));
    expect(exportedNodes(entry).map(({ opType }) => opType)).toEqual(['Slice', 'Flatten']);
  });
});

test('a sum that somebody else reads too gets no bias folded in', () => {
  const [w, b] = [parameter('w', [1, 1, 3, 3]), parameter('b', [3])];
  const entry = entryOf((g, x) => {
    const geometry = { stride: 1, dilation: 1, padding: padded(0) };
    const y = conv2d(g, x, g.read(w), geometry);
    return add(g, add(g, y, g.read(b)), y);
  });
  expect(exportedNodes(entry, [w, b]).map(({ opType }) => opType)).toEqual(['Conv', 'Add', 'Add']);
});

describe('what has no form in the model is refused by name', () => {
  test.each<[string, (g: Graph, x: Value) => Value, RegExp]>([
    ['an operation of training', (g, x) => sum(g, x, { axes: [0] }), /sum_1 \(sum\) .*no such/],
    [
      'a second input',
      (g, x) => multiply(g, x, g.input('rate', [])),
      /input_1 \(input\) .* not on rate/,
    ],
    ['a part of the batch', (g, x) => slice(g, x, [0, 0, 0, 0], [0, 2, 2, 3]), /part of the batch/],
    ['a batch that is reshaped', (g, x) => reshape(g, x, [2, 6]), /batch to stay/],
    ['a variable without a value', (g, x) => add(g, x, g.read(parameter('b', [3]))), /variable b/],
    ['nothing computed', (_, x) => x, /computes nothing/],
  ])('%s', (_, write, message) => {
    const convert = () => exportOnnx({ entry: entryOf(write), values: {}, metadata: {} });
    expect(convert).toThrow(OnnxExportError);
    expect(convert).toThrow(message);
  });
});
