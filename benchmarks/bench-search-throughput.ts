// `make bench-search-throughput`: the wall time of a whole search of 16 trials, beside Ray Tune with PyTorch on the same
// networks, pictures, epochs and cores. Both start cold; each is run in turns. Writes results/search-throughput.json.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeResult } from './results.ts';
import { manifest, TRIALS } from './search/manifest.ts';

const { values } = parseArgs({
  options: { python: { type: 'string' }, rounds: { type: 'string', default: '2' } },
});
const { python } = values;
if (python === undefined) throw new Error('needs --python: run `make bench-search-throughput`');
const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = fileURLToPath(new URL('../../shared/data/cifar10-sample', import.meta.url));
if (!existsSync(pictures))
  throw new Error(`${pictures} is missing: put CIFAR-10's binary files there`);

const work = mkdtempSync(join(tmpdir(), 'bionas-throughput-'));
const file = join(work, 'search.yaml');
writeFileSync(file, manifest(pictures));

interface Run {
  readonly seconds: number;
  readonly accuracies: readonly number[];
}

interface LedgerLine {
  readonly record: {
    readonly index: number;
    readonly genotype: string;
    readonly objectives?: number[];
  };
}

function checked(command: string, args: readonly string[]): { stdout: string; seconds: number } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2000)}`);
  return { stdout, seconds: (performance.now() - start) / 1000 };
}

function ours(round: number): Run & { genotypes: readonly string[] } {
  const directory = join(work, `run-${round}`);
  const { seconds } = checked('bin/bionas', ['run', file, '--dir', directory]);
  const lines = readFileSync(join(directory, 'ledger.jsonl'), 'utf8').trim().split('\n');
  const records = lines
    .map((line) => (JSON.parse(line) as LedgerLine).record)
    .toSorted((a, b) => a.index - b.index);
  return {
    seconds,
    accuracies: records.map(({ objectives }) => objectives?.[0] ?? 0),
    genotypes: records.map(({ genotype }) => genotype),
  };
}

function rayTune(genotypes: readonly string[]): Run & { versions: string } {
  const list = join(work, 'genotypes.json');
  writeFileSync(list, JSON.stringify(genotypes));
  const { stdout } = checked(python ?? '', ['benchmarks/peers/ray_tune.py', list, pictures]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Run & { versions: string };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const own: Run[] = [];
const peer: Run[] = [];
let versions = '';
for (let round = 0; round < Number(values.rounds); round++) {
  const run = ours(round);
  own.push(run);
  console.log(`bionas   ${run.seconds.toFixed(1)} s, best ${Math.max(...run.accuracies)}`);
  const other = rayTune(run.genotypes);
  peer.push(other);
  versions = other.versions;
  console.log(`Ray Tune ${other.seconds.toFixed(1)} s, best ${Math.max(...other.accuracies)}`);
}
rmSync(work, { recursive: true, force: true });
const seconds = { bionas: own.map((r) => r.seconds), rayTune: peer.map((r) => r.seconds) };
const ratio = median(seconds.bionas) / median(seconds.rayTune);
console.log(`ours / Ray Tune: ${ratio.toFixed(2)}`);
await writeResult('search-throughput', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: `wall seconds of ${TRIALS} NAS-Bench-201 trials (C 16, N 1), 2 epochs of 5,000 CIFAR-10 pictures, two trials at once, one thread each; beside ${versions}`,
  ratios: { 'search of 16 trials': Math.round(ratio * 1000) / 1000 },
  trialsPerHour: {
    bionas: (TRIALS * 3600) / median(seconds.bionas),
    rayTune: (TRIALS * 3600) / median(seconds.rayTune),
  },
  seconds,
  meanAccuracy: {
    bionas: mean(own.flatMap((r) => r.accuracies)),
    rayTune: mean(peer.flatMap((r) => r.accuracies)),
  },
});

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
