// The owner's package as a loader: all that an executor must do, the numbers of the koffi loader, and nothing left behind.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { Training } from '../../../crds/index.ts';
import {
  createTfjsNodeExecutor,
  type Executor,
  type Session,
  type Tensors,
} from '../../../trainer/executors/index.ts';
import {
  createProgram,
  Graph,
  matmul,
  type Program,
  randomUniform,
  sizeOf,
  total,
  type Variable,
} from '../../../trainer/program/index.ts';
import { buildStepProgram } from '../../../trainer/training/index.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { libraryDir, tensorFlow } from '../../builders/tensorflow.ts';
import { intsOf, makeNumbers, makeTensor, writeEach } from '../../builders/tensors.ts';
import { packageDir, tfjsNode } from '../../builders/tfjs-node.ts';
import { executorCases } from '../../cases/executor.cases.ts';

test.each([
  ['tfjs-node', '@tensorflow/tfjs-node is not built at /nowhere: run `make tfjs-node`'],
  ['tfjs-node-gpu', '@tensorflow/tfjs-node-gpu is not built at /nowhere: docs/executors.md says'],
] as const)('without its addon %s says in one line what to do', async (packageName, message) => {
  const nowhere = createTfjsNodeExecutor({ packageName, packageDir: '/nowhere', libraryDir });
  await expect(nowhere.open(createProgram([], []))).rejects.toThrow(message);
});

describe.skipIf(tfjsNode === undefined)('tfjs-node', () => {
  const executor = tfjsNode as Executor;
  executorCases(executor);

  const threads = () => (process.report.getReport() as { workers: unknown[] }).workers.length;
  const directories = () =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('bionas-saved-model-'));

  const w: Variable = {
    name: 'w',
    shape: [2, 3],
    role: 'parameter',
    initializer: { kind: 'constant', value: 0 },
  };

  /** loss = sum x W, for x of `rows` rows. */
  function tinyProgram(rows = 2): Program {
    const g = new Graph();
    const y = matmul(g, g.input('x', [rows, 2]), g.read(w));
    return createProgram([w], [g.entry('step', { loss: total(g, y) })]);
  }

  test('names itself, the library that both loaders share, and the device', async () => {
    const session = await executor.open(tinyProgram());
    expect(session.description).toEqual({
      executor: 'tfjs-node',
      library: 'TensorFlow 2.18.1 (oneDNN) through @tensorflow/tfjs-node',
      device: expect.stringMatching(/^[CG]PU$/),
    });
    session.close();
  });

  test('trains LeNet as koffi does: the same losses and weights after five steps', async () => {
    const small = SMALL_NETWORKS['lenet']!;
    const network = await makeNetwork(small);
    const { program, variables } = buildStepProgram({
      network,
      task: small.task,
      statistics: { mean: [0.49, 0.48, 0.45], deviation: [0.25, 0.24, 0.26] },
      training: Training.parse({ batchSize: 16 }),
      evaluationBatch: 16,
    });
    const values = randomValues(variables.all);
    const train = async (session: Session) => {
      await session.write(values);
      const losses: unknown[] = [];
      for (let step = 1; step <= 5; step++)
        losses.push(await session.run('train', batchFor(program, step, small.task.classes)));
      const weights = await session.read();
      session.close();
      return { losses, weights };
    };
    const expected = await train(await tensorFlow!.open(program));
    const actual = await train(await executor.open(program));
    expect(actual.losses).toEqual(expected.losses);
    expect(actual.weights).toEqual(expected.weights);
    expect(expected.weights).not.toEqual(values);
  });

  test('a variable keeps its value when others are written', async () => {
    const [u, v] = [
      { ...w, name: 'u' },
      { ...w, name: 'v' },
    ];
    const session = await executor.open(createProgram([u, v], [new Graph().entry('step', {})]));
    await writeEach(session, [u], () => [1, 2, 3, 4, 5, 6]);
    await writeEach(session, [v], () => [6, 5, 4, 3, 2, 1]);
    const { u: kept, v: written } = await session.read();
    expect(Array.from(kept!.data)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from(written!.data)).toEqual([6, 5, 4, 3, 2, 1]);
    session.close();
  });

  test('the event loop turns while a step runs', async () => {
    const rows = 4_000_000;
    const session = await executor.open(tinyProgram(rows));
    await session.write({ w: makeTensor(w.shape) });
    const x = makeTensor([rows, 2]);
    await session.run('step', { x });
    let turns = 0;
    let running = true;
    const step = session.run('step', { x }).finally(() => {
      running = false;
    });
    while (running) {
      await turn();
      turns++;
    }
    await step;
    expect(turns).toBeGreaterThan(100);
    session.close();
  });

  test('a close waits for the call that runs, and leaves neither thread nor directory', async () => {
    await vi.waitFor(() => expect(threads()).toBe(0), 5000); // of the sessions before
    const before = directories();
    const session = await executor.open(tinyProgram());
    expect(directories()).toEqual(before);
    expect(threads()).toBe(1);
    await session.write({ w: makeTensor(w.shape) });
    const last = session.run('step', { x: makeTensor([2, 2]) });
    session.close();
    expect((await last)['loss']?.shape).toEqual([]);
    await expect(session.run('step', { x: makeTensor([2, 2]) })).rejects.toThrow('closed');
    await vi.waitFor(() => expect(threads()).toBe(0), 5000);
  });

  test('a program that TensorFlow refuses leaves nothing either, and is named', async () => {
    const before = directories();
    const g = new Graph();
    const inputs = [g.input('a', [2, 3]), g.input('b', [2, 3])];
    const y = g.emitOne('matmul', inputs, { transposeA: false, transposeB: false }, [2, 3]);
    await expect(executor.open(createProgram([], [g.entry('step', { y })]))).rejects.toThrow(
      /TensorFlow refused step\/matmul_\d+ \(MatMul\)/,
    );
    expect(directories()).toEqual(before);
  });

  test('a failure inside a run names the entry and the operation, and the session goes on', async () => {
    const g = new Graph();
    const key = g.input('key', [2], 'int32');
    const petabyte = g.within('edge1', () =>
      randomUniform(g, key, { shape: [2 ** 24, 2 ** 24], stream: 0 }),
    );
    const good = new Graph();
    const entries = [
      g.entry('bad', { bad: total(g, petabyte) }),
      good.entry('good', { y: good.input('x', [2]) }),
    ];
    const session = await executor.open(createProgram([], entries));
    await expect(session.run('bad', { key: intsOf(1, 2) })).rejects.toThrow(
      /^entry bad: .*bad\/edge1\/random/s,
    );
    const x = makeTensor([2]);
    expect((await session.run('good', { x }))['y']?.data).toEqual(x.data);
    session.close();
  });

  test('the GPU package refuses to compute on the CPU', async () => {
    const gpu = createTfjsNodeExecutor({ packageName: 'tfjs-node-gpu', packageDir, libraryDir });
    await expect(gpu.open(tinyProgram())).rejects.toThrow(/is not built at|found no GPU/);
  });
});

/** Pictures, labels, key and rate of one step, the same on every executor. */
function batchFor(program: Program, step: number, classes: number): Tensors {
  const made = Object.entries(program.entries['train']?.inputs ?? {}).map(
    ([name, { dtype, shape }]) => {
      const numbers = makeNumbers(sizeOf(shape), step);
      const whole = (limit: number) => numbers.map((u) => Math.floor(((u + 1) / 2) * limit));
      if (dtype === 'uint8') return [name, { dtype, shape, data: Uint8Array.from(whole(256)) }];
      if (dtype === 'int32') return [name, { dtype, shape, data: Int32Array.from(whole(classes)) }];
      return [name, { dtype, shape, data: numbers.map(() => 0.05) }];
    },
  );
  return Object.fromEntries(made);
}
