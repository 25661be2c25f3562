// TensorFlow's C library: all that an executor must do, and what only a native one can get wrong.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  createTensorFlowExecutor,
  defaultLibraryDir,
  type Executor,
  type Session,
} from '../../../trainer/executors/index.ts';
import {
  add,
  createProgram,
  Graph,
  matmul,
  relu,
  sum,
  total,
  type Variable,
} from '../../../trainer/program/index.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeTensor, writeEach } from '../../builders/tensors.ts';
import { executorCases } from '../../cases/executor.cases.ts';

describe('without its library', () => {
  test('says in one line what to run', async () => {
    const nowhere = createTensorFlowExecutor({ libraryDir: '/nowhere' });
    await expect(nowhere.open(createProgram([], []))).rejects.toThrow(
      "TensorFlow's library is not at /nowhere: run `make tensorflow`",
    );
  });

  test.each([
    ['/x', '/x/bionas/tensorflow/2.18.1'],
    ['', '/home/ada/.cache/bionas/tensorflow/2.18.1'],
    [undefined, '/home/ada/.cache/bionas/tensorflow/2.18.1'],
  ])('looks for it in the cache: XDG_CACHE_HOME %j -> %s', (cacheHome, expected) => {
    expect(defaultLibraryDir({ cacheHome, home: '/home/ada' })).toBe(expected);
  });
});

describe.skipIf(tensorFlow === undefined)('TensorFlow', () => {
  const executor = tensorFlow as Executor;
  executorCases(executor);

  const variable = (name: string, shape: readonly number[]): Variable => ({
    name,
    shape,
    role: 'parameter',
    initializer: { kind: 'constant', value: 0 },
  });

  /** loss = sum relu(x W); W moves by momentum along x' y. */
  async function openTiny(side: number): Promise<Session> {
    const [w, a] = [variable('w', [side, side]), variable('a', [side, side])] as const;
    const g = new Graph();
    const x = g.input('x', [side, side]);
    const y = relu(g, matmul(g, x, g.read(w)));
    const gradient = matmul(g, x, y, { transposeA: true });
    const update = { variable: w, accumulator: a, gradient, rate: g.scalar(1e-6) } as const;
    const entry = g.entry('step', { y, loss: total(g, y), rows: sum(g, y, { axes: [1] }) }, [
      { kind: 'momentum', momentum: 0.9, nesterov: false, ...update },
      { kind: 'assign', variable: a, value: g.read(a) },
    ]);
    const session = await executor.open(createProgram([w, a], [entry]));
    const size = side * side;
    await writeEach(session, [w, a], (_, i) => Array(size).fill(i === 0 ? 1 / size : 0));
    return session;
  }

  test('names itself, its version and the device', async () => {
    const session = await openTiny(1);
    expect(session.description).toEqual({
      executor: 'tensorflow',
      library: 'TensorFlow 2.18.1 (oneDNN) through koffi',
      device: expect.stringMatching(/^[CG]PU$/),
    });
    session.close();
  });

  test('5,000 steps and 50 sessions later it holds no more memory', async () => {
    const megabytes = () => process.memoryUsage().rss / 2 ** 20;
    const x = makeTensor([32, 32]);
    const session = await openTiny(32);
    const steps = async (count: number) => {
      for (let i = 0; i < count; i++) await session.run('step', { x });
    };
    const sessions = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const other = await openTiny(32);
        await other.run('step', { x });
        other.close();
      }
    };
    await steps(1000);
    await sessions(10);
    const before = megabytes();
    await steps(5000); // a 4 KiB input or output lost a step would be 20 MB
    await sessions(50);
    expect(megabytes() - before).toBeLessThan(15);
    session.close();
  });

  test('the event loop turns while a step runs', async () => {
    const side = 1500;
    const x = makeTensor([side, side]);
    const session = await openTiny(side);
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

  test('one call at a time; a close waits for the call that runs', async () => {
    const x = makeTensor([300, 300]);
    const session = await openTiny(300);
    const first = session.run('step', { x });
    await expect(session.run('step', { x })).rejects.toThrow(
      'entry step: the session is still busy',
    );
    session.close();
    expect((await first)['rows']?.shape).toEqual([300]);
    await expect(session.run('step', { x })).rejects.toThrow('closed');
  });

  test('a shape that cannot be is reported under the name of its operation', async () => {
    const g = new Graph();
    const y = g.within('cell3', () =>
      g.emitOne(
        'matmul',
        [g.input('a', [2, 3]), g.input('b', [2, 3])],
        { transposeA: false, transposeB: false },
        [2, 3],
      ),
    );
    await expect(executor.open(createProgram([], [g.entry('step', { y })]))).rejects.toThrow(
      /TensorFlow refused step\/cell3\/matmul_\d+ \(MatMul\): Dimensions must be equal/,
    );
  });

  test('a failure inside a run names the operation, and the session goes on', async () => {
    const g = new Graph();
    const [a, b] = [g.input('a', [2]), g.input('b', [2])];
    const bad = g.within('edge1', () =>
      g.emitOne('reshape', [add(g, a, b)], { shape: [3, -1] }, [3, 1]),
    );
    const good = new Graph();
    const x = good.input('x', [2]);
    const program = createProgram(
      [],
      [g.entry('bad', { bad }), good.entry('good', { y: add(good, x, x) })],
    );
    await expect(
      executor
        .open(program)
        .then((session) => session.run('bad', { a: makeTensor([2]), b: makeTensor([2]) })),
    ).rejects.toThrow(/bad\/edge1\/reshape_/);
  });

  test('a second library directory needs a process of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tensorflow-'));
    for (const name of ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'])
      writeFileSync(join(folder, name), '');
    await expect(
      createTensorFlowExecutor({ libraryDir: folder }).open(createProgram([], [])),
    ).rejects.toThrow('needs a process of its own');
  });
});
