// Stepper of bionas: one case's step program on an executor, or one worker's part of it (BIONAS_PEERS, BIONAS_RANK).
// Usage: ours.ts '{"genotype", "cells", "channels", ...}' [align] [tensorflow or onnx]
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { parseGenotype, Training } from '../../crds/index.ts';
import {
  createOnnxExecutor,
  createTensorFlowExecutor,
  defaultLibraryDir,
  type Tensors,
} from '../../trainer/executors/index.ts';
import { loadLearningRules } from '../../trainer/learning-rules/index.ts';
import { buildNetwork } from '../../trainer/network/index.ts';
import { peersOf } from '../../trainer/peers.ts';
import { buildStepProgram, initialValues } from '../../trainer/training/index.ts';
import type { BenchmarkCase } from './cases.ts';

const {
  genotype: text,
  cells,
  channels,
  batch,
  threads,
} = JSON.parse(process.argv[2] ?? '{}') as BenchmarkCase;
const entry = process.argv[3] ?? 'train';
const genotype = parseGenotype(text);
const task = { height: 32, width: 32, channels: 3, classes: 10 };
const network = buildNetwork({
  genotype,
  shape: { cells, channels, ...(genotype.kind === 'fixed' ? { network: genotype.network } : {}) },
  task,
  rules: await loadLearningRules(),
  auxiliary: false,
  dropPath: false,
});
const statistics = { mean: [0.49, 0.48, 0.45], deviation: [0.25, 0.24, 0.26] };
const training = Training.parse({ batchSize: batch });
const { peers, flaw } = peersOf(process.env);
if (flaw !== undefined) throw flaw;
const worker = { rank: peers?.rank ?? 0, world: peers?.addresses.length ?? 1 };
const part = batch / worker.world;
const { program, variables } = buildStepProgram({
  network,
  task,
  statistics,
  training,
  evaluationBatch: batch,
  worker,
});
const libraryDir = defaultLibraryDir({ cacheHome: process.env['XDG_CACHE_HOME'], home: homedir() });
const executor =
  process.argv[4] === 'onnx'
    ? createOnnxExecutor()
    : createTensorFlowExecutor({ libraryDir, peers });
const session = await executor.open(program, { threads });
await session.write(initialValues(variables.all, 1));

const pixels = Uint8Array.from({ length: part * 32 * 32 * 3 }, (_, i) => (i * 2654435761) >>> 24);
const offered: Tensors = {
  pictures: { dtype: 'uint8', shape: [part, 32, 32, 3], data: pixels },
  labels: {
    dtype: 'int32',
    shape: [part],
    data: Int32Array.from({ length: part }, (_, i) => i % 10),
  },
  key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 1) },
  rate: { dtype: 'float32', shape: [], data: Float32Array.of(0.01) },
  stop: { dtype: 'float32', shape: [], data: new Float32Array(1) },
};
const wanted = program.entries[entry]?.inputs ?? {};
const inputs = Object.fromEntries(Object.entries(offered).filter(([name]) => name in wanted));

const { library, device } = session.description;
console.log(
  JSON.stringify({ ready: `${library} on ${device}, ${variables.parameterCount} parameters` }),
);
for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  for (let i = 0; i < Number(line); i++) await session.run(entry, inputs);
  const milliseconds = performance.now() - start;
  const rssMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds, rssMegabytes }));
}
process.exit(0);
