// The computing thread: ONNX Runtime blocks whoever calls it (onnxruntime#26968), so it is called here.
import { workerData } from 'node:worker_threads';
import type { Program } from '../../program/index.ts';
import { serve } from '../computing-thread-end.ts';
import type { Tensors } from '../executor.ts';
import type { EngineOptions } from './engine.ts';
import type { VulkanDevice } from './vulkan.ts';

export interface WorkerData {
  readonly program: Program;
  readonly options: EngineOptions;
}

export type WorkerRequest =
  | { readonly kind: 'run'; readonly entry: string; readonly inputs: Tensors }
  | { readonly kind: 'read'; readonly names: readonly string[] }
  | { readonly kind: 'write'; readonly values: Tensors };

export interface Loaded {
  /** Of ONNX Runtime. */
  readonly version: string;
  /** What computes where Vulkan says it. */
  readonly device: VulkanDevice | undefined;
}

await serve<WorkerRequest, Loaded>(async () => {
  const { program, options } = workerData as WorkerData;
  const { env } = await import('onnxruntime-node');
  const { Engine } = await import('./engine.ts');
  const device = options.provider === 'webgpu' ? await openWebGpu(options) : undefined;
  const engine = new Engine(program, options);
  const answer = (request: WorkerRequest) => {
    if (request.kind === 'run') return engine.run(request.entry, request.inputs);
    if (request.kind === 'read') return engine.read(request.names);
    engine.write(request.values);
    return {};
  };
  return { loaded: { version: env.versions.node ?? env.versions.common, device }, answer };
});

async function openWebGpu(options: EngineOptions): Promise<VulkanDevice | undefined> {
  const { assertWebGpu } = await import('./probe.ts');
  await assertWebGpu(options);
  const { vulkanDevice } = await import('./vulkan.ts');
  return vulkanDevice();
}
