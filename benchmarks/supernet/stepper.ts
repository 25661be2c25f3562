// Stepper of a supernet as the paper configures it, on made-up pictures: see ../stepper.ts. Usage: stepper.ts '{"algorithm", "batch", ..}'
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { Supernet, Training } from '../../crds/index.ts';
import {
  createTensorFlowExecutor,
  defaultLibraryDir,
  type Tensors,
} from '../../trainer/executors/index.ts';
import { loadLearningRules } from '../../trainer/learning-rules/index.ts';
import { buildNetwork } from '../../trainer/network/index.ts';
import { Random } from '../../trainer/random.ts';
import { buildStepProgram, initialValues } from '../../trainer/training/index.ts';
import {
  candidatesIn,
  drawGenes,
  genotypeOf,
  mixture,
  pathInputs,
  pathOf,
  singlePath,
} from '../../trainer/training/supernet/index.ts';
import { METHODS, type SupernetCase } from './cases.ts';

const { algorithm, batch, cells, channels, threads } = JSON.parse(
  process.argv[2] ?? '{}',
) as SupernetCase;
const task = { height: 32, width: 32, channels: 3, classes: 10 };
const statistics = { mean: [0.49, 0.48, 0.45], deviation: [0.25, 0.24, 0.26] };
const training = Training.parse({ batchSize: batch, alignment: false });
const settings = Supernet.parse(METHODS[algorithm === 'alone' ? 'one-shot' : algorithm]);
const candidates = candidatesIn(settings);
const { partialChannels } = settings;
const mixed = {
  candidates,
  shape: { cells, channels },
  task,
  rules: await loadLearningRules(),
  rest: 'BP',
  partialChannels,
} as const;
const method = settings.singlePath === undefined ? mixture : singlePath;
const plan = { task, statistics, training, evaluationBatch: batch };
const pathOfStep = (step: number) => drawGenes(candidates.length, Random.fromSeed(step));

/** The path of the first step as a network of its own. */
function alone() {
  const { shape, rules } = mixed;
  const genotype = genotypeOf(pathOfStep(0), { candidates, rest: 'BP' });
  const network = buildNetwork({ genotype, shape, task, rules, auxiliary: false, dropPath: false });
  return buildStepProgram({ ...plan, network });
}

const { program, variables } =
  algorithm === 'alone' ? alone() : method.program(plan, mixed, settings);
const libraryDir = defaultLibraryDir({ cacheHome: process.env['XDG_CACHE_HOME'], home: homedir() });
const session = await createTensorFlowExecutor({ libraryDir }).open(program, {
  threads,
  rewrites: false,
});
await session.write(initialValues(variables.all, 1));

const pixels = Uint8Array.from({ length: batch * 32 * 32 * 3 }, (_, i) => (i * 2654435761) >>> 24);
const pictures = { dtype: 'uint8', shape: [batch, 32, 32, 3], data: pixels } as const;
const labels = {
  dtype: 'int32',
  shape: [batch],
  data: Int32Array.from({ length: batch }, (_, i) => i % 10),
} as const;
const offered = (step: number): Tensors => ({
  pictures,
  labels,
  'architecture/pictures': pictures,
  'architecture/labels': labels,
  key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, step) },
  rate: { dtype: 'float32', shape: [], data: Float32Array.of(0.01) },
  ...pathInputs(pathOf(pathOfStep(step))),
});
const wanted = program.entries['train']?.inputs ?? {};
const inputsOf = (step: number) =>
  Object.fromEntries(Object.entries(offered(step)).filter(([name]) => name in wanted));

const { library, device } = session.description;
const numbers = `${variables.parameterCount} parameters, ${candidates.length} candidates an edge`;
console.log(JSON.stringify({ ready: `${library} on ${device}, ${numbers}` }));
let step = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  for (let i = 0; i < Number(line); i++) await session.run('train', inputsOf(step++));
  const milliseconds = performance.now() - start;
  const rssMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds, rssMegabytes }));
}
process.exit(0);
