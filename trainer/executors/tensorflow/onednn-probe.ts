// Asserts that oneDNN is switched on: without it TensorFlow has no gradients of grouped convolutions on the CPU
// and a step takes twice as long. C reads the switch when the library loads, so it is checked, not hoped for.
import {
  conv2dInputGradient,
  createProgram,
  Graph,
  padded,
  type Shape,
  sizeOf,
} from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import type { CApi } from './c-api.ts';
import type { SessionConfig } from './config-proto.ts';
import { TensorFlowSession } from './session.ts';

function depthwiseGradient() {
  const g = new Graph();
  const [w, dy] = [g.input('w', [1, 1, 1, 2]), g.input('dy', [1, 2, 2, 2])];
  const geometry = { stride: 1, dilation: 1, padding: padded(0), inputShape: dy.shape };
  return createProgram([], [g.entry('probe', { dx: conv2dInputGradient(g, w, dy, geometry) })]);
}

/** Runs the smallest graph that only oneDNN can. @throws ExecutorError */
export async function assertOneDnn(api: CApi, config: SessionConfig): Promise<void> {
  const session = new TensorFlowSession(api, depthwiseGradient(), { config });
  const zeros = (shape: Shape) => ({
    dtype: 'float32' as const,
    shape,
    data: new Float32Array(sizeOf(shape)),
  });
  try {
    await session.run('probe', { w: zeros([1, 1, 1, 2]), dy: zeros([1, 2, 2, 2]) });
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.includes('grouped'))) throw cause;
    throw new ExecutorError(
      'TensorFlow runs without oneDNN, so depthwise convolutions have no gradients: ' +
        'nothing else in the process may have started TensorFlow, and the CPU must be one that oneDNN knows',
      { cause },
    );
  } finally {
    session.close();
  }
}
