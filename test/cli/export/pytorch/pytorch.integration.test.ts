// Networks as PyTorch modules: PyTorch answers by network.py and weights.safetensors as ONNX Runtime does by model.onnx.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, expect, test } from 'vitest';
import { networkModule } from '../../../../cli/export/pytorch/index.ts';
import { encodeSafetensors } from '../../../../trainer/safetensors/index.ts';
import { modelOf, OTHER_NETWORKS, somePictures } from '../../../builders/exported-models.ts';
import { SMALL_NETWORKS, type SmallNetwork } from '../../../builders/networks.ts';
import { makeFolder } from '../../../builders/run-directory.ts';
import { hasTorchPython, TorchScripts } from '../../../builders/torch-python.ts';

const ANSWER = fileURLToPath(new URL('answer.py', import.meta.url));
const python = hasTorchPython ? new TorchScripts() : undefined;
afterAll(() => python?.[Symbol.asyncDispose]());

async function onnxAnswer(model: Uint8Array, { shape, data }: ReturnType<typeof somePictures>) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const { logits } = await session.run({ pictures: new Tensor('float32', data, shape) });
  await session.release();
  return Array.from(logits?.data as Float32Array);
}

async function torchAnswer(
  folder: string,
  pictures: ReturnType<typeof somePictures>,
): Promise<{ logits: number[]; rules: Record<string, string>; classes: string[] }> {
  const file = join(folder, 'pictures.safetensors');
  const tensors = { pictures: { dtype: 'float32' as const, ...pictures } };
  await writeFile(file, encodeSafetensors({ tensors, metadata: {} }));
  return JSON.parse((await python?.run([ANSWER, folder, file])) ?? '');
}

async function moduleOf(small: SmallNetwork, model: Uint8Array): Promise<string> {
  const folder = await makeFolder();
  const { source, weights } = networkModule({
    model,
    where: 'model.onnx',
    genotype: small.genotype,
    shape: small.shape,
    search: 'night',
    trial: 'night-final-0',
    dataset: 'cifar10',
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'network.py'), source);
  await writeFile(join(folder, 'weights.safetensors'), weights);
  return folder;
}

test.skipIf(!hasTorchPython).each(Object.entries({ ...SMALL_NETWORKS, ...OTHER_NETWORKS }))(
  '%s answers in PyTorch as in ONNX Runtime',
  async (_, small) => {
    const model = await modelOf(small);
    const pictures = somePictures(small.task, 3);
    const folder = await moduleOf(small, model);
    const got = await torchAnswer(folder, pictures);
    const expected = await onnxAnswer(model, pictures);
    const scale = Math.max(1, ...expected.map(Math.abs));
    const differences = expected.map((each, i) => Math.abs(each - (got.logits[i] ?? Number.NaN)));
    expect(Math.max(...differences) / scale).toBeLessThan(1e-4);
    expect(got.logits).toHaveLength(3 * small.task.classes);
  },
);

test.skipIf(!hasTorchPython)('modules know the rule by which they were trained', async () => {
  const small = SMALL_NETWORKS['darts that learns locally'];
  if (small === undefined) throw new Error('no such network');
  const folder = await moduleOf(small, await modelOf(small));
  const { rules, classes } = await torchAnswer(folder, somePictures(small.task, 1));
  expect(classes).toHaveLength(small.task.classes);
  expect(rules).toMatchObject({
    stem: 'BP',
    classifier: 'BP',
    'cell0.preprocess1': 'BP',
    'cell0.node2_edge1': 'uSF',
    'cell1.node3_edge1': 'FA',
    'cell1.node4_edge1': 'BP',
  });
  // Hebbian: no rule of the genotype is its own.
  expect(rules).not.toHaveProperty('cell0.node2_edge0');
});
