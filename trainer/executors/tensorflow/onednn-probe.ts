// Asserts that oneDNN is switched on: without it TensorFlow has no gradients of grouped convolutions on the CPU
// and a step takes twice as long. C reads the switch when the library loads, so it is checked, not hoped for.
import { conv2dFilterGradient, createProgram, Graph, padded } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import type { CApi } from './c-api.ts';
import type { SessionConfig } from './config-proto.ts';
import { TensorFlowSession } from './session.ts';

function depthwiseGradient() {
  const g = new Graph();
  const x = g.input('x', [1, 2, 2, 2]);
  const geometry = { stride: 1, dilation: 1, padding: padded(0), filterShape: [1, 1, 1, 2] };
  return createProgram([], [g.entry('probe', { dw: conv2dFilterGradient(g, x, x, geometry) })]);
}

/** Runs the smallest graph that only oneDNN can. @throws ExecutorError */
export async function assertOneDnn(api: CApi, config: SessionConfig): Promise<void> {
  const session = new TensorFlowSession(api, depthwiseGradient(), config);
  const x = { dtype: 'float32', shape: [1, 2, 2, 2], data: new Float32Array(8) } as const;
  try {
    await session.run('probe', { x });
  } catch (cause) {
    throw new ExecutorError(
      'TensorFlow runs without oneDNN, so depthwise convolutions have no gradients: ' +
        'unset TF_ENABLE_ONEDNN_OPTS and TF_DISABLE_MKL, and load the library only through bionas',
      { cause },
    );
  } finally {
    session.close();
  }
}
