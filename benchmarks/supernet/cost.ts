// Time and memory of a step, by algorithm: at the paper's batch where that fits this machine, else at smaller ones, and what they say
// of it by a straight line.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startStepper } from '../stepper.ts';
import { METHODS, type Method, type SupernetCase } from './cases.ts';

export interface Measured {
  readonly batch: number;
  /** Median of a step. */
  readonly milliseconds: number;
  /** Peak of the process. */
  readonly rssMegabytes: number;
}

export interface Cost {
  readonly measured: readonly Measured[];
  /** At the paper's batch; by a line through the two largest where that was not measured. */
  readonly milliseconds: number;
  readonly rssMegabytes: number;
  readonly extrapolated: boolean;
}

export interface CostPlan {
  readonly cells: number;
  readonly channels: number;
  /** Rising; the last one is the paper's. */
  readonly batches: readonly number[];
  readonly steps: number;
}

const STEPPER = fileURLToPath(new URL('stepper.ts', import.meta.url));
/** Of the memory that is free. */
const SHARE = 0.6;

export async function costs(plan: CostPlan): Promise<Record<Method, Cost>> {
  const found: [string, Cost][] = [];
  for (const algorithm of [...Object.keys(METHODS), 'alone'] as Method[])
    found.push([algorithm, await costOf(algorithm, plan)]);
  return Object.fromEntries(found) as Record<Method, Cost>;
}

async function costOf(algorithm: Method, { batches, steps, ...size }: CostPlan): Promise<Cost> {
  const measured: Measured[] = [];
  for (const batch of batches) {
    if (measured.length >= 2 && lineAt(measured, 'rssMegabytes', batch) > SHARE * freeMegabytes())
      break;
    const next = { algorithm, batch, ...size, threads: cpus().length };
    const one = await measure(next, steps);
    measured.push(one);
    console.log(
      `${algorithm}, batch ${batch}: ${one.milliseconds} ms a step, ${one.rssMegabytes} MB`,
    );
  }
  const batch = batches.at(-1) ?? 0;
  const last = measured.at(-1);
  const at = (of: 'milliseconds' | 'rssMegabytes') => Math.round(lineAt(measured, of, batch));
  return {
    measured,
    milliseconds: at('milliseconds'),
    rssMegabytes: at('rssMegabytes'),
    extrapolated: last?.batch !== batch,
  };
}

async function measure(of: SupernetCase, steps: number): Promise<Measured> {
  const command = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    STEPPER,
    JSON.stringify(of),
  ];
  const stepper = await startStepper({ name: of.algorithm, command });
  try {
    await stepper.run(1);
    const times: number[] = [];
    for (let i = 0; i < steps; i++) times.push(await stepper.run(1));
    const milliseconds = Math.round(times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0);
    return { batch: of.batch, milliseconds, rssMegabytes: Math.round(stepper.peakMegabytes) };
  } finally {
    await stepper.close();
  }
}

function lineAt(
  measured: readonly Measured[],
  of: 'milliseconds' | 'rssMegabytes',
  batch: number,
): number {
  const [a, b] = measured.slice(-2);
  if (a === undefined) return Number.NaN;
  if (b === undefined || b.batch === batch) return (b ?? a)[of];
  return b[of] + ((b[of] - a[of]) / (b.batch - a.batch)) * (batch - b.batch);
}

function freeMegabytes(): number {
  const [, kilobytes = 0] =
    /MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
