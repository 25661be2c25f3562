// A process that takes steps on the device that it finds, since what a card is told holds for a process: a request as its argument, an
// answer on its output. BIONAS_PEERS and BIONAS_RANK make it one of several workers.
import { execFileSync } from 'node:child_process';
import { Trial } from '../../crds/index.ts';
import { syntheticData } from '../../trainer/debug-step/index.ts';
import {
  createOnnxExecutor,
  createTensorFlowExecutor,
  type Executor,
} from '../../trainer/executors/index.ts';
import { peersOf } from '../../trainer/peers.ts';
import {
  type Batch,
  buildStepProgram,
  initialValues,
  networkOf,
  stepInputs,
} from '../../trainer/training/index.ts';
import type { Outcome, ProbeAnswer, ProbeRequest, StepCase } from './steps.ts';

const request = JSON.parse(process.argv[2] ?? '{}') as ProbeRequest;
const { peers } = peersOf(process.env);
const worker = { rank: peers?.rank ?? 0, world: peers?.addresses.length ?? 1 };

const executor: Executor =
  request.executor === 'onnx-webgpu'
    ? createOnnxExecutor({ provider: 'webgpu' })
    : createTensorFlowExecutor({ ...request, peers });

const specOf = ({ genotype, cells, channels, batchSize, precision }: StepCase) =>
  Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'check-gpu' },
    spec: {
      search: 'check-gpu',
      index: 0,
      purpose: 'Search',
      genotype,
      proposedAfter: 0,
      seed: 1,
      shape: { cells, channels },
      dataset: { name: 'cifar10' },
      training: {
        batchSize,
        precision,
        device: request.device,
        optimizer: { learningRate: 0.01 },
        schedule: { name: 'constant' },
      },
      fidelity: { epochs: 1 },
    },
  }).spec;

/** This worker's part. */
function partOf({ pictures, labels }: Batch): Batch {
  const share = <A extends Uint8Array | Int32Array>(all: A) =>
    all.slice(
      (worker.rank * all.length) / worker.world,
      ((worker.rank + 1) * all.length) / worker.world,
    ) as A;
  return { pictures: share(pictures), labels: share(labels) };
}

async function take(test: StepCase): Promise<[Outcome, ProbeAnswer['description']]> {
  const spec = specOf(test);
  const { training } = spec;
  const opened = syntheticData(spec);
  const network = await networkOf(spec, opened.task);
  const { program, variables } = buildStepProgram({
    ...opened,
    network,
    training,
    worker,
    evaluationBatch: 1,
  });
  const session = await executor.open(program, { device: training.device });
  await session.write(initialValues(variables.all, spec.seed));
  const losses: number[] = [];
  const times: number[] = [];
  for await (const batch of opened.data.training(0, 0))
    for (let step = 0; step < test.steps; step++) {
      const inputs = stepInputs({ ...opened, spec, program }, { epoch: 0, step }, partOf(batch));
      const start = performance.now();
      losses.push((await session.run('train', inputs))['loss']?.data[0] ?? Number.NaN);
      times.push(performance.now() - start);
    }
  const after = await session.read();
  const values = Object.entries(after).map(([name, { data }]) => [name, [...data]] as const);
  session.close();
  const rest = times.slice(Math.min(2, times.length - 1)).toSorted((a, b) => a - b);
  const milliseconds = rest[rest.length >> 1] ?? Number.NaN;
  const outcome = { losses, milliseconds, variables: Object.fromEntries(values) };
  return [outcome, session.description];
}

function memoryInUse(): Pick<ProbeAnswer, 'memory'> {
  try {
    const query = ['--query-gpu=memory.used,memory.total', '--format=csv,noheader,nounits'];
    const [used = 0, total = 0] = execFileSync('nvidia-smi', query, { encoding: 'utf8' })
      .split(/[,\n]/)
      .map(Number);
    return { memory: { used, total } };
  } catch {
    return {};
  }
}

const taken: (readonly [Outcome, ProbeAnswer['description']])[] = [];
for (const test of request.cases) taken.push(await take(test));
const answer: ProbeAnswer = {
  description: taken[0]?.[1] ?? { executor: '', library: '', device: '' },
  ...memoryInUse(),
  outcomes: taken.map(([outcome]) => outcome),
};
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
