// Writes benchmarks/results/NAME.json: the figures that README quotes, with the machine and the day they were measured.
import { mkdir, writeFile } from 'node:fs/promises';

export interface BenchmarkResult {
  readonly machine: string;
  readonly what: string;
  /** Case to ours / peer: below 1 is better than the peer. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly [more: string]: unknown;
}

export async function writeResult(name: string, result: BenchmarkResult): Promise<void> {
  const directory = new URL('results/', import.meta.url);
  await mkdir(directory, { recursive: true });
  const measured = new Date().toISOString().slice(0, 10);
  const file = new URL(`${name}.json`, directory);
  await writeFile(file, `${JSON.stringify({ measured, ...result }, null, 2)}\n`);
  console.log(`\nwritten: benchmarks/results/${name}.json`);
}
