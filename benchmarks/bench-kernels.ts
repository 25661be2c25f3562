// `make bench-kernels`: which kernels a training step spends its time in under each learning rule, as oneDNN itself reports them
// (ONEDNN_VERBOSE); what is left runs outside oneDNN (elementwise work, batch norm, optimizer). One thread a kernel; independent ones
// still run side by side, so in networks with branches they may add up to more than the step. Writes results/kernels.json.
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LEARNING_RULES } from '../crds/index.ts';
import { writeResult } from './results.ts';
import { type BenchmarkCase, SINGLE_RULE } from './trainer/cases.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, rule: { type: 'string', multiple: true } },
});
const rounds = Number(values.rounds);
const STEPPER = fileURLToPath(new URL('trainer/ours.ts', import.meta.url));

/** Milliseconds of one step, by kernel. */
type Profile = Readonly<Record<string, number>>;

const KERNELS: Readonly<Record<string, string>> = {
  'convolution forward_training': 'convolution, forward',
  'convolution backward_data': 'convolution, input gradient',
  'convolution backward_weights': 'convolution, weight gradient',
  reorder: 'reorder',
};
const OTHER = ['matmul', 'inner_product', 'gemm_api'];

/** `onednn_verbose,primitive,exec,cpu,KIND,IMPLEMENTATION,PROPAGATION,...,MILLISECONDS` */
function kernelOf(line: string): { kernel: string; milliseconds: number } | undefined {
  const fields = line.split(',');
  const [, , exec, , kind = '', , propagation = ''] = fields;
  if (!line.startsWith('onednn_verbose') || exec !== 'exec') return undefined;
  const kernel =
    KERNELS[`${kind} ${propagation}`] ??
    KERNELS[kind] ??
    (OTHER.includes(kind) ? 'matrix product' : kind);
  return { kernel, milliseconds: Number(fields.at(-1)) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Steps one at a time; of each kernel the median over the steps. */
async function profile(test: BenchmarkCase): Promise<Profile> {
  const child = spawn(process.execPath, [STEPPER, JSON.stringify(test)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ONEDNN_VERBOSE: '1' },
  });
  const seen: Map<string, number>[] = [];
  let step = new Map<string, number>();
  for await (const line of createInterface({ input: child.stdout })) {
    const ran = kernelOf(line);
    if (ran !== undefined) {
      step.set(ran.kernel, (step.get(ran.kernel) ?? 0) + ran.milliseconds);
    } else if (line.startsWith('{')) {
      const { milliseconds } = JSON.parse(line) as { milliseconds?: number };
      if (milliseconds !== undefined) seen.push(step.set('step', milliseconds));
      step = new Map();
      if (seen.length > rounds) child.stdin.end();
      else child.stdin.write('1\n');
    }
  }
  const warm = seen.slice(1);
  const names = new Set(warm.flatMap((each) => [...each.keys()]));
  return Object.fromEntries([...names].map((n) => [n, median(warm.map((s) => s.get(n) ?? 0))]));
}

const round = (value: number): number => Math.round(value * 100) / 100;
const milliseconds: Record<string, Profile> = {};
for (const [network, caseOf] of Object.entries(SINGLE_RULE)) {
  console.log(`\n${network}`);
  for (const rule of values.rule ?? LEARNING_RULES) {
    const { step = 0, ...kernels } = await profile({ ...caseOf(rule), threads: 1 });
    const known = Object.values(kernels).reduce((sum, each) => sum + each, 0);
    const parts = Object.entries({ ...kernels, 'outside oneDNN': step - known })
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, ms]) => [name, round(ms)] as const);
    milliseconds[`${network}, ${rule}`] = { step: round(step), ...Object.fromEntries(parts) };
    const shares = parts
      .slice(0, 5)
      .map(([name, ms]) => `${name} ${Math.round((100 * ms) / step)} %`);
    console.log(`  ${rule.padEnd(6)} ${step.toFixed(1).padStart(7)} ms  ${shares.join(', ')}`);
  }
}
await writeResult('kernels', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'median milliseconds of one training step and of the kernels in it, one rule throughout, batch 64, one thread a kernel; independent kernels run side by side',
  ratios: {},
  milliseconds,
});
