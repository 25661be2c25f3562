// ONNX Runtime: all that an executor must do, and what it refuses.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
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

const STEP = fileURLToPath(new URL('../../builders/onnx-step.ts', import.meta.url));

test('it tells its makers nothing, and keeps no number of the machine', async () => {
  const home = await mkdtemp(join(tmpdir(), 'bionas-home-'));
  onTestFinished(() => rm(home, { recursive: true }));
  // Without CI, in which it would be silent by itself.
  const env = { HOME: home, PATH: process.env['PATH'] };
  const flags = ['--disable-warning=ExperimentalWarning', STEP];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(await readdir(home, { recursive: true })).toEqual([]);
});
