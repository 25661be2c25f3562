// training.device on TensorFlow, as far as a processor shows it: steps by XLA, what is kept of their compilation, the switch of
// determinism, and who refuses what. Its process computes deterministically, with all of a GPU's memory.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createOnnxExecutor,
  createTensorFlowExecutor,
  createTfjsNodeExecutor,
  type DeviceSettings,
  type Executor,
} from '../../../trainer/executors/index.ts';
import { GraphBuilder } from '../../../trainer/executors/tensorflow/graph-builder.ts';
import { loadLibrary } from '../../../trainer/executors/tensorflow/index.ts';
import { openNative, releaseNative } from '../../../trainer/executors/tensorflow/native-session.ts';
import { packSignature, runSession } from '../../../trainer/executors/tensorflow/run.ts';
import { createProgram } from '../../../trainer/program/index.ts';
import { runTrial } from '../../../trainer/training/index.ts';
import { plainSgd, takeSteps, writeStep } from '../../builders/step.ts';
import { libraryDir } from '../../builders/tensorflow.ts';
import { distance } from '../../builders/tensors.ts';
import { makePorts, makeTrialSpec } from '../../builders/training.ts';
import { makeDirectory } from '../../builders/trial-runs.ts';

const device: DeviceSettings = {
  xla: false,
  deterministic: true,
  tensorFloat32: false,
  memory: 'whole',
};
const empty = createProgram([], []);
const computeCacheDir = await mkdtemp(join(tmpdir(), 'bionas-compute-'));
afterAll(() => rm(computeCacheDir, { recursive: true }));

const withDevice = (executor: Executor, settings: DeviceSettings): Executor => ({
  name: executor.name,
  open: (program, options) => executor.open(program, { ...options, device: settings }),
});

describe.skipIf(!existsSync(libraryDir))('TensorFlow', () => {
  const tensorflow = createTensorFlowExecutor({ libraryDir, computeCacheDir });

  // The network draws random numbers, which XLA would draw otherwise from the same key.
  test('steps by XLA are those of the reference, and of themselves to the last bit', async () => {
    const written = await writeStep({ optimizer: { ...plainSgd, momentum: 0.9 } });
    const truth = await takeSteps(written, { count: 3 });
    const compiled = withDevice(tensorflow, { ...device, xla: true });
    const first = await takeSteps(written, { count: 3, executor: compiled });
    const second = await takeSteps(written, { count: 3, executor: compiled });
    expect(first.after).toEqual(second.after);
    for (const [name, tensor] of Object.entries(truth.after))
      expect(distance(first.after[name]!, tensor), name).toBeLessThan(1e-5);
  });

  test('a recipe that asks for XLA is trained by it, and its result says so', async () => {
    const spec = makeTrialSpec({ epochs: 1, alignment: false, device: { ...device, xla: true } });
    const outcome = await runTrial(spec, makePorts(await makeDirectory(), tensorflow));
    expect(outcome).toMatchObject({
      kind: 'result',
      result: { executor: { library: 'TensorFlow 2.18.1 (oneDNN, XLA) through koffi' } },
    });
  });

  test('what XLA compiled is kept for the next process', async () => {
    const files = await readdir(join(computeCacheDir, 'xla'));
    expect(files).toContainEqual(expect.stringMatching(/^xla_compile_cache__.*XLA_CPU_JIT\.pb$/));
  });

  test('determinism arrives: random numbers without a seed are refused', async () => {
    const session = await withDevice(tensorflow, device).open(empty);
    session.close();
    await expect(drawWithoutSeed()).rejects.toThrow('determinism');
  });

  test.each([
    ['deterministic false', { ...device, deterministic: false }],
    ['tensorFloat32 true', { ...device, tensorFloat32: true }],
    ['memory growing', { ...device, memory: 'growing' as const }],
  ])('what is settled for the process stays so: %s is refused', async (what, other) => {
    const opened = withDevice(tensorflow, other).open(empty);
    await expect(opened).rejects.toThrow(`${what}`);
    await expect(opened).rejects.toThrow('needs a process of its own');
  });
});

test.each([
  ['onnx', createOnnxExecutor()],
  [
    'tfjs-node',
    createTfjsNodeExecutor({ packageName: 'tfjs-node', packageDir: '/nowhere', libraryDir }),
  ],
])('%s refuses XLA', async (name, executor) => {
  const opened = withDevice(executor, { ...device, xla: true }).open(empty);
  await expect(opened).rejects.toThrow(`training.device.xla: ${name} does not compile by XLA`);
});

test('WebGPU refuses to promise the same numbers', async () => {
  const opened = withDevice(createOnnxExecutor({ provider: 'webgpu' }), device).open(empty);
  await expect(opened).rejects.toThrow('training.device.deterministic');
});

async function drawWithoutSeed(): Promise<unknown> {
  const api = loadLibrary(libraryDir);
  const graph = api.newGraph();
  const builder = new GraphBuilder(api, graph);
  const shape = builder.constant('shape', { type: 'int32', shape: [1], data: Int32Array.of(2) });
  const attributes = { dtype: { type: 'float32' as const } };
  const drawn = builder.node({ type: 'RandomUniform', name: 'draw', inputs: [shape], attributes });
  const session = openNative(api, graph, { config: { intraOpThreads: 1, interOpThreads: 1 } });
  const signature = packSignature({ fetches: [drawn] });
  try {
    return await runSession(api, session, { doing: 'draw', signature, feeds: [] });
  } finally {
    releaseNative(api, session, graph);
  }
}
