// The ONNX executor on WebGPU, where a Vulkan driver is: a card's, or SwiftShader (docs/executors.md says how to have it).
import { createOnnxExecutor, type Executor } from '../../trainer/executors/index.ts';
import { createProgram } from '../../trainer/program/index.ts';

const executor = createOnnxExecutor({ provider: 'webgpu' });

const isThere = await executor.open(createProgram([], [])).then(
  (session) => {
    session.close();
    return true;
  },
  () => false,
);

export const webGpu: Executor | undefined = isThere ? executor : undefined;
if (webGpu === undefined)
  console.warn('skipped: WebGPU finds no Vulkan driver; docs/executors.md says how to have one');
