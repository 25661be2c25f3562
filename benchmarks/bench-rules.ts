// `make bench-rules`: what a training step costs under each learning rule, and what it costs to see how far it is from
// backpropagation, beside a step of backpropagation on the same network. Prints a table and writes results/rules.json.
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LEARNING_RULES } from '../crds/index.ts';
import { writeResult } from './results.ts';
import { interleave, type Stepper, type StepperCommand, startStepper } from './stepper.ts';
import { type BenchmarkCase, SINGLE_RULE } from './trainer/cases.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const rounds = Number(values.rounds);

const ours = (name: string, test: BenchmarkCase, ...more: readonly string[]): StepperCommand => {
  const file = fileURLToPath(new URL('trainer/ours.ts', import.meta.url));
  return { name, command: [process.execPath, file, JSON.stringify(test), ...more] };
};

/** Median ms of each rule's step and of `align`, in turns. */
async function measure(caseOf: (rule: string) => BenchmarkCase): Promise<Map<string, number>> {
  const commands = [
    ...LEARNING_RULES.map((rule) => ours(rule, caseOf(rule))),
    ours('align', caseOf('FA'), 'align'),
  ];
  const steppers: Stepper[] = [];
  try {
    for (const command of commands) steppers.push(await startStepper(command));
    const timings = await interleave(steppers, { rounds, steps: caseOf('BP').steps, warmup: 3 });
    return new Map(timings.map(({ name, median }) => [name, median]));
  } finally {
    for (const stepper of steppers) await stepper.close();
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const ratios: Record<string, number> = {};
const milliseconds: Record<string, number> = {};
for (const [network, caseOf] of Object.entries(SINGLE_RULE)) {
  const medians = await measure(caseOf);
  const exact = medians.get('BP') ?? Number.NaN;
  console.log(`\n${network}`);
  for (const [name, median] of medians) {
    const what = `${network}, ${name}`;
    ratios[what] = round(median / exact);
    milliseconds[what] = round(median);
    console.log(`  ${name.padEnd(6)} ${median.toFixed(2).padStart(8)} ms  ${ratios[what]} of BP`);
  }
}
await writeResult('rules', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'median milliseconds of one training step under one rule throughout, batch 64, 2 threads; ratios are rule / backpropagation; align: looking at the distance to backpropagation once',
  ratios,
  milliseconds,
});
