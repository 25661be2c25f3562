// ONNX Runtime: all that an executor must do, and what it refuses.
import { expect, test } from 'vitest';
import { createOnnxExecutor } from '../../../trainer/executors/index.ts';
import { writeStep } from '../../builders/step.ts';
import { executorCases } from '../../cases/executor.cases.ts';

const executor = createOnnxExecutor();
executorCases(executor);

test.each(['bfloat16', 'float16'] as const)('%s is refused before a step is taken', async (low) => {
  const { program } = await writeStep({ precision: low });
  await expect(executor.open(program)).rejects.toThrow(
    `the ONNX executor does not compute in ${low}: choose float32 or the executor tensorflow`,
  );
});
