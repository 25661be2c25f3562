// A stepper is a child process that runs n training steps for each line "n" it reads and answers with JSON:
// first {"ready": ...}, then {"milliseconds": of all n, "rssMegabytes": peak so far}. Ours and every peer speak this.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Stepper {
  readonly name: string;
  /** What it says of itself when it is ready. */
  readonly about: string;
  /** Mean milliseconds of a step over `steps`. */
  run(steps: number): Promise<number>;
  readonly peakMegabytes: number;
  close(): Promise<void>;
}

export interface StepperCommand {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A peer that could not run its case. */
export class StepperError extends Error {
  override readonly name = 'StepperError';
}

export async function startStepper({ name, command, env = {} }: StepperCommand): Promise<Stepper> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new StepperError(`${name} ended; see its output above`);
    return JSON.parse(value as string) as Record<string, unknown>;
  };
  const { ready } = await answer();
  let peakMegabytes = 0;
  return {
    name,
    about: String(ready),
    get peakMegabytes() {
      return peakMegabytes;
    },
    run: async (steps) => {
      child.stdin.write(`${steps}\n`);
      const { milliseconds, rssMegabytes } = await answer();
      peakMegabytes = Number(rssMegabytes);
      return Number(milliseconds) / steps;
    },
    close: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly minimum: number;
  readonly peakMegabytes: number;
}

const middle = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? Number.NaN;

/** Runs all steppers in turns, so that whatever else the machine does falls on each alike. */
export async function interleave(
  steppers: readonly Stepper[],
  { rounds, steps, warmup }: { rounds: number; steps: number; warmup: number },
): Promise<Timing[]> {
  const times = steppers.map((): number[] => []);
  for (const stepper of steppers) await stepper.run(warmup);
  for (let round = 0; round < rounds; round++) {
    // The order turns round, so that nobody always runs first.
    for (const i of steppers.keys()) {
      const at = (i + round) % steppers.length;
      const stepper = steppers[at];
      if (stepper !== undefined) times[at]?.push(await stepper.run(steps));
    }
  }
  return steppers.map(({ name, peakMegabytes }, i) => {
    const sorted = (times[i] ?? []).toSorted((a, b) => a - b);
    return { name, median: middle(sorted), minimum: sorted[0] ?? Number.NaN, peakMegabytes };
  });
}
