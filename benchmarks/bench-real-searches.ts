// `make bench-real-searches`: a real search by every algorithm and under every scheduler, on the sample of CIFAR-10, as
// `bionas run` carries them out. Says that they work and what they cost, not which is best: one seed and 12 networks cannot.
// Goes on where it was stopped; `--only NAME` carries out some. Writes results/real-searches.json.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { SearchResult } from '../cli/result/index.ts';
import { writeResult } from './results.ts';
import { type RealSearch, realSearches } from './search/real-searches.ts';
import { CACHE } from './train-here.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const bionas = fileURLToPath(new URL('../bin/bionas', import.meta.url));
const pictures = fileURLToPath(new URL('../../shared/data/cifar10-sample', import.meta.url));
if (!existsSync(pictures))
  throw new Error(`${pictures} is missing: put CIFAR-10's binary files there`);

const percent = (share: number | undefined): number | undefined =>
  share === undefined ? undefined : Math.round(10_000 * share) / 100;

function carryOut({ name, manifest }: RealSearch) {
  const directory = join(CACHE, 'real-searches', name);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'search.yaml');
  writeFileSync(file, stringify(manifest));
  const args = ['run', file, '--dir', join(directory, 'run')];
  const { status } = spawnSync(bionas, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return figuresOf(join(directory, 'run', 'result.json'));
}

function figuresOf(file: string) {
  const result = SearchResult.parse(JSON.parse(readFileSync(file, 'utf8')));
  const ofSearch = result.trials.filter(({ purpose }) => purpose === 'Search');
  const [best] = result.best;
  const [winner] = result.final;
  return {
    trials: result.counts,
    epochs: ofSearch.reduce((sum, { epochs }) => sum + epochs.length, 0),
    /** [%] */
    heldOutAccuracy: percent(best?.score),
    testAccuracy: percent(winner?.testAccuracy),
    genotype: winner?.genotype,
    parameters: winner?.parameters,
    deviceSeconds: Math.round(result.cost.deviceSeconds),
    wallSeconds: Math.round(result.cost.wallSeconds),
    rungs: result.rungs,
    pareto: result.pareto.map(({ score, parameters }) => ({
      accuracy: percent(score),
      parameters,
    })),
  };
}

const wanted = realSearches(pictures).filter(({ name }) => values.only?.includes(name) ?? true);
const figures: Record<string, ReturnType<typeof carryOut>> = {};
for (const search of wanted) figures[search.name] = carryOut(search);
console.table(
  Object.fromEntries(
    Object.entries(figures).map(
      ([name, { trials, rungs: _, pareto: __, genotype: ___, ...flat }]) => [
        name,
        { networks: trials.proposed, ...flat },
      ],
    ),
  ),
);

const file = new URL('results/real-searches.json', import.meta.url);
/** What was not carried out now stays as it was. */
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).figures : {};
await writeResult('real-searches', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'bionas run by every algorithm and under every scheduler on 10,000 pictures of CIFAR-10, one seed each: held-out accuracy of the best network of the search, test accuracy [%] of it retrained for 4 epochs on all training pictures',
  ratios: {},
  searches: realSearches('shared/data/cifar10-sample').map(({ manifest }) => manifest),
  figures: { ...before, ...figures },
});
