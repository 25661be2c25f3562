// By which name comes which executor, and what is said where it cannot be.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { chooseExecutor, settleExecutor } from '../../../trainer/executors/index.ts';
import { createProgram } from '../../../trainer/program/index.ts';

/** Files that nothing loads here. */
const LIBRARY = [
  'libtensorflow_framework.so.2',
  'libtensorflow_cc.so.2',
  'libtensorflow_framework.2.dylib',
  'libtensorflow_cc.2.dylib',
];
const ADDON = 'node_modules/@tensorflow/tfjs-node/lib/napi-v8';

let root = '';
const empty = () => ({ libraryDir: join(root, 'none'), packageDir: join(root, 'none') });
const full = () => ({ libraryDir: join(root, 'library'), packageDir: join(root, 'package') });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bionas-executors-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const { libraryDir, packageDir } = full();
  for (const folder of [libraryDir, join(packageDir, ADDON)])
    await mkdir(folder, { recursive: true });
  for (const name of LIBRARY) await writeFile(join(libraryDir, name), '');
  await writeFile(join(packageDir, ADDON, 'tfjs_binding.node'), '');
});

test.each([
  ['', 'tensorflow'],
  ['auto', 'tensorflow'],
  ['tensorflow', 'tensorflow'],
  ['koffi', 'tensorflow'],
  ['tfjs-node', 'tfjs-node'],
  ['onnx', 'onnx'],
  ['onnx-webgpu', 'onnx-webgpu'],
])('where all is installed, "%s" is %s, without a word', (asked, name) => {
  const noted: string[] = [];
  expect(settleExecutor(asked, full())).toEqual({ name });
  expect(chooseExecutor(asked, full(), (line) => noted.push(line)).name).toBe(name);
  expect(noted).toEqual([]);
});

test.each(['', 'auto'])('without TensorFlow, "%s" is onnx, and says so in one line', (asked) => {
  const noted: string[] = [];
  expect(chooseExecutor(asked, empty(), (line) => noted.push(line)).name).toBe('onnx');
  expect(noted).toEqual([
    `executor auto: ONNX Runtime computes, since TensorFlow's library is not at ${join(root, 'none')}: run \`make tensorflow\``,
  ]);
});

test.each([
  ['tensorflow', 'run `make tensorflow`'],
  ['koffi', 'run `make tensorflow`'],
  ['tfjs-node', 'run `make tfjs-node`'],
  ['tfjs-node-gpu', 'docs/executors.md says how to build it'],
  [
    'torch',
    'no executor torch: expected auto, tensorflow, tfjs-node, tfjs-node-gpu, onnx, onnx-webgpu (BIONAS_EXECUTOR)',
  ],
])('%s is refused where it is not, and nothing computes in its place', async (asked, message) => {
  expect(() => settleExecutor(asked, empty())).toThrow(message);
  const refused = chooseExecutor(asked, empty(), () => expect.unreachable());
  await expect(refused.open(createProgram([], []))).rejects.toThrow(message);
});

test.each(['onnx', 'tfjs-node'])('%s cannot be that of several workers', async (asked) => {
  const want = `executor ${asked}: expected tensorflow where 2 workers train a trial together`;
  expect(() => settleExecutor(asked, full(), 2)).toThrow(want);
  const peers = { rank: 0, addresses: ['a:1', 'b:1'], patienceMs: 1000 };
  const refused = chooseExecutor(asked, { ...full(), peers }, () => expect.unreachable());
  await expect(refused.open(createProgram([], []))).rejects.toThrow(want);
  expect(settleExecutor('koffi', full(), 2)).toEqual({ name: 'tensorflow' });
});

test('one of several workers takes no other executor where TensorFlow is missing', () => {
  const peers = { rank: 0, addresses: ['a:1', 'b:1'], patienceMs: 1000 };
  expect(() => settleExecutor('auto', { ...empty(), peers })).toThrow('run `make tensorflow`');
});
