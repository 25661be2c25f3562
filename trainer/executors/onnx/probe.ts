// Asserts that WebGPU computes before anything is trained: the provider is only looked for when a session is made.
import { add, createProgram, Graph } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import { Engine, type EngineOptions } from './engine.ts';

/** Runs the smallest step. @throws ExecutorError */
export async function assertWebGpu(options: EngineOptions): Promise<void> {
  const g = new Graph();
  const sum = add(g, g.input('x', []), g.scalar(1));
  const probe = new Engine(createProgram([], [g.entry('probe', { sum })]), options);
  try {
    await probe.run('probe', { x: { dtype: 'float32', shape: [], data: Float32Array.of(1) } });
  } catch (cause) {
    throw new ExecutorError(
      `WebGPU finds no GPU; on Linux it needs a Vulkan driver and libvulkan.so.1 (docs/executors.md): ${firstLine(cause)}`,
      { cause },
    );
  }
}

const firstLine = (cause: unknown): string => String(cause).split('\n')[0] ?? '';
