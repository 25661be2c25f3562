// ONNX Runtime on WebGPU, with no way back to the CPU: a part of the programs that every executor must compute, one of each kind,
// and a step of a network. On SwiftShader the whole table takes ten minutes.
import { describe, expect, test } from 'vitest';
import { createOnnxExecutor, createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { createProgram, Graph } from '../../../trainer/program/index.ts';
import { plainSgd, takeSteps, writeStep } from '../../builders/step.ts';
import { distance, makeInputs, makeTensor, rounded } from '../../builders/tensors.ts';
import { webGpu } from '../../builders/webgpu.ts';
import { PROGRAM_CASES, type ProgramCase } from '../../cases/executor/index.ts';

const CLOSE = 1e-5;

/** The first of each name's first word, and every 25th of the many windows. */
const SOME = PROGRAM_CASES.filter(({ name }, i) => {
  const kind = (each: ProgramCase) => each.name.split(/[ ,]/)[0];
  return (
    i % 25 === 0 || PROGRAM_CASES.findIndex((each) => kind(each) === name.split(/[ ,]/)[0]) === i
  );
});

describe.skipIf(webGpu === undefined)('WebGPU', () => {
  test('names itself, its provider and the device', async () => {
    const session = await webGpu!.open(createProgram([], []));
    const { executor, library, device } = session.description;
    expect(executor).toBe('onnx-webgpu');
    expect(library).toMatch(/^ONNX Runtime 1\.30\.0 \(WebGPU on .+\)$/);
    // Drivers that play a GPU on the processor.
    expect(device).toBe(/SwiftShader|llvmpipe/.test(library) ? 'CPU' : 'GPU');
    session.close();
  });

  test('computes what the reference computes', { timeout: 180_000 }, async () => {
    const entries = SOME.map(({ write }, i) => {
      const g = new Graph();
      return g.entry(`case_${i}`, write(g));
    });
    const program = createProgram([], entries);
    const session = await webGpu!.open(program);
    const reference = await createReferenceExecutor().open(program);
    for (const [i, { name, given }] of SOME.entries()) {
      const inputs = { ...makeInputs(entries[i]?.inputs ?? {}), ...given };
      const truth = await reference.run(`case_${i}`, inputs);
      const actual = await session.run(`case_${i}`, inputs);
      for (const [output, expected] of Object.entries(truth)) {
        const apart = distance(rounded(actual[output]!), rounded(expected));
        expect.soft(apart, `${name}: ${output}`).toBeLessThan(CLOSE);
      }
    }
    session.close();
  });

  test('takes two steps of a network as the reference does', async () => {
    const optimizer = { ...plainSgd, momentum: 0.9, weightDecay: 0.01 };
    const written = await writeStep({ optimizer });
    const truth = await takeSteps(written, { count: 2 });
    const { after } = await takeSteps(written, { count: 2, executor: webGpu! });
    for (const [name, tensor] of Object.entries(truth.after))
      expect(distance(after[name]!, tensor), name).toBeLessThan(1e-4);
  });
});

test.skipIf(webGpu !== undefined)(
  'without a GPU it refuses to open, and says what it needs',
  async () => {
    const executor = createOnnxExecutor({ provider: 'webgpu' });
    const g = new Graph();
    const program = createProgram(
      [],
      [g.entry('step', { x: g.input('x', makeTensor([1]).shape) })],
    );
    await expect(executor.open(program)).rejects.toThrow('it needs a Vulkan driver');
  },
);
