// A process of its own, in which TensorFlow was started with oneDNN switched off before the executor came.
import { join } from 'node:path';
import koffi from 'koffi';
import { expect, test } from 'vitest';
import { createProgram } from '../../../trainer/program/index.ts';
import { libraryDir, tensorFlow } from '../../builders/tensorflow.ts';

test.skipIf(tensorFlow === undefined)('refuses to compute without oneDNN', async () => {
  koffi.config({ async_stack_size: 2 ** 23, sync_stack_size: 2 ** 23 });
  koffi.load(null).func('setenv', 'int', ['str', 'str', 'int'])('TF_ENABLE_ONEDNN_OPTS', '0', 1);
  for (const name of ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'])
    koffi.load(join(libraryDir, name));
  await expect(tensorFlow!.open(createProgram([], []))).rejects.toThrow(
    'TensorFlow runs without oneDNN',
  );
});
