// `make bench-trainer`: one training step of bionas, on TensorFlow and on ONNX Runtime, beside PyTorch (contiguous and
// channels-last, the better one counts) and, for each single rule on LeNet, beside BioTorch. Prints a table and writes
// results/trainer.json (ours / peer).
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeResult } from './results.ts';
import {
  interleave,
  type Stepper,
  type StepperCommand,
  startStepper,
  type Timing,
} from './stepper.ts';
import { type BenchmarkCase, CASES, singleRuleCase } from './trainer/cases.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
  },
});
const { python } = values;
if (python === undefined)
  throw new Error('bench-trainer.ts needs --python: run `make bench-trainer`');

const EXECUTORS = ['tensorflow', 'onnx'] as const;
type Executor = (typeof EXECUTORS)[number];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ours = (test: BenchmarkCase): readonly StepperCommand[] =>
  EXECUTORS.map((executor) => ({
    name: `bionas ${executor}`,
    command: [process.execPath, here('trainer/ours.ts'), JSON.stringify(test), 'train', executor],
  }));
const pytorch = (test: BenchmarkCase, layout: 'contiguous' | 'channels-last'): StepperCommand => ({
  name: `PyTorch ${layout}`,
  command: [python, here('peers/step_pytorch.py'), JSON.stringify(test), layout],
});
const biotorch = (rule: string, { batch, threads }: BenchmarkCase): StepperCommand => ({
  name: 'BioTorch',
  command: [python, here('peers/step_biotorch.py'), JSON.stringify({ rule, batch, threads })],
});

interface Row {
  readonly name: string;
  readonly timings: readonly Timing[];
  /** Ours / best peer, by executor. */
  readonly time: Readonly<Record<Executor, number>>;
  readonly memory: Readonly<Record<Executor, number>>;
}

const perExecutor = (ratio: (i: number) => number): Readonly<Record<Executor, number>> =>
  Object.fromEntries(EXECUTORS.map((executor, i) => [executor, ratio(i)])) as Row['time'];

async function measure(test: BenchmarkCase, commands: readonly StepperCommand[]): Promise<Row> {
  const steppers: Stepper[] = [];
  try {
    for (const command of commands) steppers.push(await startStepper(command));
    const rounds = Number(values.rounds);
    const timings = await interleave(steppers, { rounds, steps: test.steps, warmup: 3 });
    const [own, peers] = [timings.slice(0, EXECUTORS.length), timings.slice(EXECUTORS.length)];
    const fastest = Math.min(...peers.map(({ median }) => median));
    const leanest = Math.min(...peers.map(({ peakMegabytes }) => peakMegabytes));
    const row = {
      name: test.name,
      timings,
      time: perExecutor((i) => (own[i]?.median ?? Number.NaN) / fastest),
      memory: perExecutor((i) => (own[i]?.peakMegabytes ?? Number.NaN) / leanest),
    };
    print(row);
    return row;
  } finally {
    for (const stepper of steppers) await stepper.close();
  }
}

function print({ name, timings, time, memory }: Row): void {
  console.log(`\n${name}`);
  for (const { name: who, median, minimum, peakMegabytes } of timings) {
    const figures = `${median.toFixed(1).padStart(8)} ms (min ${minimum.toFixed(1)})`;
    console.log(
      `  ${who.padEnd(22)}${figures.padEnd(28)}${peakMegabytes.toFixed(0).padStart(6)} MB`,
    );
  }
  for (const executor of EXECUTORS)
    console.log(
      `  ${executor} / best peer: time ${time[executor].toFixed(2)}, memory ${memory[executor].toFixed(2)}`,
    );
}

const wanted = (test: BenchmarkCase): boolean => test.name.includes(values.only);
const rows: Row[] = [];
for (const test of CASES.filter(wanted))
  rows.push(
    await measure(test, [
      ...ours(test),
      pytorch(test, 'contiguous'),
      pytorch(test, 'channels-last'),
    ]),
  );
for (const rule of ['FA', 'uSF', 'brSF', 'frSF'] as const) {
  const test = singleRuleCase(rule);
  if (wanted(test)) rows.push(await measure(test, [...ours(test), biotorch(rule, test)]));
}
const table = (ratio: (row: Row) => number) =>
  Object.fromEntries(rows.map((row) => [row.name, round(ratio(row))]));
await writeResult('trainer', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'median milliseconds of one training step, batch 64, 2 threads; ratios are ours / best peer, on TensorFlow and on ONNX Runtime',
  ratios: table(({ time }) => time.tensorflow),
  memoryRatios: table(({ memory }) => memory.tensorflow),
  onnxRatios: table(({ time }) => time.onnx),
  onnxMemoryRatios: table(({ memory }) => memory.onnx),
  timings: Object.fromEntries(rows.map(({ name, timings }) => [name, timings])),
});

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
