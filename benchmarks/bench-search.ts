// `make bench-search`: every algorithm and every scheduler on cells that were trained for real (`make search-table`), 100 seeds each.
// Nothing is trained here. Writes results/search.json, docs/images/search-*.svg, and the tables of docs/algorithms.md and
// docs/scheduling.md.
//
//   make bench-search FLAGS='[--table FILE] [--seeds 100] [--no-docs]'
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  bestAccuracy,
  chanceOf,
  fitOf,
  readTrainedTable,
  regretPicture,
  summarize,
} from '../cli/simulate/index.ts';
import { ALGORITHM_NAMES, spaceSize } from '../crds/index.ts';
import { SCHEDULERS } from '../operator/search/scheduling/index.ts';
import { proposesNetworks } from '../test/builders/search.ts';
import { writeResult } from './results.ts';
import { type Comparison, comparisonTable, contend, resultOf } from './search/comparison.ts';
import { makeContender } from './search/contender.ts';
import { replaceSection } from './search/section.ts';

const { values } = parseArgs({
  options: {
    table: { type: 'string', default: 'benchmarks/results/search-table.json' },
    seeds: { type: 'string', default: '100' },
    docs: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const root = new URL('../', import.meta.url);
const file = new URL(values.table, root);
if (!existsSync(file)) throw new Error(`${values.table} is missing: make search-table`);
const table = readTrainedTable(values.table, readFileSync(file, 'utf8'));
const { space, epochs } = table;
if (space === undefined) throw new Error(`${values.table}: expected a table that has its space`);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const best = bestAccuracy(table);
const chance = chanceOf(table);

/** In networks that are trained to the end, of which a scheduler makes more. A table that is half spent tells nobody apart. */
const BUDGETS = [13, 25, 50, 100, 200];
const budgetsUpTo = (most: number) => BUDGETS.filter((budget) => budget <= most).slice(-4);
/** Rungs close by what is there when a place is free: workers matter to schedulers. */
const WORKERS = 4;

interface Named extends Comparison {
  readonly title: 'algorithms' | 'schedulers';
}

function compare(
  title: Named['title'],
  budgets: readonly number[],
  specs: Readonly<Record<string, object>>,
): Named {
  const limit = Math.max(...budgets) * epochs;
  const contenders = Object.entries(specs).map(([name, spec]) => {
    const search = makeContender(table, spec);
    fitOf(name, search, table);
    console.log(`${title}: ${name}`);
    return { name, searches: contend(search, { table, seeds, epochs: limit }) };
  });
  return { title, budgets, contenders };
}

const names = ALGORITHM_NAMES.filter(proposesNetworks);
const algorithms = compare(
  'algorithms',
  budgetsUpTo(table.networks.size / 2),
  Object.fromEntries(names.map((name) => [name, { algorithm: { name } }])),
);
const schedulers = compare(
  'schedulers',
  budgetsUpTo(table.networks.size / 4),
  Object.fromEntries(
    [
      ...Object.keys(SCHEDULERS).map((name) => ({ name })),
      // As docs/scheduling.md advises where FA is searched.
      { name: 'asha', minEpochs: 3 },
    ].map((scheduling) => [
      Object.values(scheduling).join(', minEpochs '),
      { algorithm: { name: 'random' }, scheduling, parallelism: WORKERS },
    ]),
  ),
);

const trained = `${table.networks.size} of ${spaceSize(space)} cells`;
const points = (share: number) => (100 * share).toFixed(2);
const about = [
  `Trained are ${trained}; proposals of others are passed over, at no cost. The best has ${points(best)} %.`,
  chance === undefined
    ? 'None was trained twice.'
    : `By its seed a training has a standard deviation of ${points(chance.deviation)} points (${chance.networks} cells trained twice, correlation of the seeds ${chance.correlation?.toFixed(2)}); ${chance.besideTheBest} cells, the best among them, are that near to the best.`,
].join(' ');
await writeResult('search', {
  machine:
    'any: searches are simulated on results/search-table.json, and every figure follows from it',
  what: `regret [points of accuracy] of simulated searches, ${seeds.length} seeds, on ${trained}; budgets in whole trainings of a network, of all networks together`,
  ratios: {},
  bestAccuracy: best,
  chance,
  algorithms: resultOf(algorithms, { best, epochs }),
  schedulers: resultOf(schedulers, { best, epochs }),
});

for (const { title, budgets, contenders } of [algorithms, schedulers]) {
  const text = `${about}\n\n${comparisonTable({ budgets, contenders }, { best, epochs })}`;
  console.log(`\n${text}`);
  if (!values.docs) continue;
  const curves = contenders.map(({ name, searches }) => ({
    name,
    ...summarize(searches, best),
  }));
  const picture = regretPicture(`regret of ${title} on trained cells`, curves);
  writeFileSync(new URL(`docs/images/search-${title}.svg`, root), picture);
  const page = new URL(title === 'algorithms' ? 'docs/algorithms.md' : 'docs/scheduling.md', root);
  const image = `![Median regret of ${title} by epochs, with quartiles](images/search-${title}.svg)\n`;
  const section = `${text}\n${image}`;
  writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), 'bench-search', section));
}
