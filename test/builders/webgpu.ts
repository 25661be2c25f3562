// The ONNX executor on WebGPU, where a Vulkan driver is: a card's, or SwiftShader, which comes with Chromium.
import { existsSync } from 'node:fs';
import koffi from 'koffi';
import { createOnnxExecutor, type Executor } from '../../trainer/executors/index.ts';
import { createProgram } from '../../trainer/program/index.ts';

const CHROMIUM = '/usr/lib/chromium';
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

/** Dawn asks for libvulkan.so.1 by its soname: one that is loaded already is found. */
function borrowSwiftShader(): void {
  if (process.env['VK_ICD_FILENAMES'] !== undefined || !existsSync(DRIVER)) return;
  process.env['VK_ICD_FILENAMES'] = DRIVER;
  koffi.load(`${CHROMIUM}/libvulkan.so.1`);
}

borrowSwiftShader();
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
  console.warn(
    'skipped: WebGPU finds no Vulkan driver; `apt-get install chromium-common` brings one',
  );
