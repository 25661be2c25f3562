// `make bench-plan`: how far `bionas plan` is from the searches that it plans: three small ones, planned and then carried out.
// Prints ratios, planned over taken, and writes results/plan.json.
import { execFileSync, type StdioOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { SearchResult } from '../cli/result/index.ts';
import { writeResult } from './results.ts';

const bionas = fileURLToPath(new URL('../bin/bionas', import.meta.url));

const BASE = {
  seed: 1,
  searchSpace: {
    kind: 'nb201',
    learningRules: ['BP', 'FA', 'uSF', 'brSF', 'frSF'],
    cells: 1,
    channels: 8,
  },
  dataset: { name: 'fashion-mnist', trainPictures: 10_000, validationPictures: 5000 },
  training: { epochs: 2, optimizer: { learningRate: 0.1 } },
  algorithm: { name: 'random' },
  budget: { trials: 8 },
  final: { topK: 0 },
};

const SEARCHES: Readonly<Record<string, object>> = {
  'one at a time, and a final network': { ...BASE, final: { topK: 1, training: { epochs: 1 } } },
  'two at a time': { ...BASE, parallelism: 2 },
  'successive halving': {
    ...BASE,
    training: { ...BASE.training, epochs: 4 },
    scheduling: { name: 'successive-halving', eta: 2 },
  },
};

/** Seconds. */
interface Taken {
  readonly deviceSeconds: number;
  readonly clockSeconds: number;
}

function both(spec: object) {
  const work = mkdtempSync(join(tmpdir(), 'bionas-bench-plan-'));
  try {
    const file = join(work, 'search.yaml');
    const kind = { apiVersion: 'bionas.dev/v1alpha1', kind: 'BioNASSearch' };
    writeFileSync(file, stringify({ ...kind, metadata: { name: 'bench-plan' }, spec }));
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
    const said = execFileSync(bionas, ['plan', file, '-o', 'json'], { encoding: 'utf8', stdio });
    const planned: Taken = JSON.parse(said);
    const run = join(work, 'run');
    execFileSync(bionas, ['run', file, '--dir', run], { stdio: 'inherit' });
    const { cost } = SearchResult.parse(JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')));
    return { planned, taken: { ...cost, clockSeconds: cost.wallSeconds } };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

const before = loadavg()[0] ?? 0;
const ratios: Record<string, number> = {};
const searches = Object.fromEntries(
  Object.entries(SEARCHES).map(([name, spec]) => {
    const { planned, taken } = both(spec);
    const figures = (of: Taken) => ({
      deviceSeconds: round(of.deviceSeconds, 1),
      clockSeconds: round(of.clockSeconds, 1),
    });
    ratios[`${name}: device time`] = round(planned.deviceSeconds / taken.deviceSeconds);
    ratios[`${name}: by the clock`] = round(planned.clockSeconds / taken.clockSeconds);
    return [name, { planned: figures(planned), taken: figures(taken) }];
  }),
);
console.table(ratios);
await writeResult('plan', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'searches on Fashion-MNIST, planned by `bionas plan` and then carried out by `bionas run`; ratios are planned / taken; loadAverage: of one minute, before and after',
  ratios,
  loadAverage: [round(before), round(loadavg()[0] ?? 0)],
  searches,
});
