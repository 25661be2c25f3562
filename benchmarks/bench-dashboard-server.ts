// What the dashboard's server takes for a search of many trials, in CPU time, for a machine may be busy:
// node benchmarks/bench-dashboard-server.ts [TRIALS]
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardApp } from '../cli/dashboard/app.ts';
import { Searches } from '../cli/dashboard/searches.ts';
import { serve } from '../cli/dashboard/serve.ts';
import { localPlace } from '../cli/place/index.ts';
import { ObjectStore } from '../operator/adapters/local/index.ts';
import { SEARCHES } from '../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../operator/runtime/index.ts';
import { Random } from '../operator/search/index.ts';
import { makeRecord, makeSearch } from '../test/builders/search-result.ts';
import { verbIo } from '../test/builders/verbs.ts';

const trials = Number(process.argv[2] ?? 10_000);
const EPOCHS = 12;
const OPERATIONS = ['none', 'skip_connect', 'avg_pool_3x3'];
const RULED = ['nor_conv_1x1', 'nor_conv_3x3'].flatMap((operation) =>
  ['BP', 'FA', 'uSF', 'brSF', 'frSF'].map((rule) => `${operation}:${rule}`),
);

/** A network drawn anew, and a learning curve. */
function recordOf(index: number, random: Random): string {
  const edge = (from: number) => `${random.choice([...OPERATIONS, ...RULED])}~${from}`;
  const genotype = `nb201;${edge(0)}|${edge(0)},${edge(1)}|${edge(0)},${edge(1)},${edge(2)};rest=BP`;
  const record = makeRecord(0, { index, name: `night-${index}`, trial: `uid-${index}`, genotype });
  const { result } = record;
  if (result === undefined) throw new Error('a trained record has a result');
  const epochs = Array.from({ length: EPOCHS }, (_, epoch) => ({
    ...result.epochs[0],
    epoch: epoch + 1,
    validationAccuracy: random.uniform(),
  }));
  const objectives = [random.uniform()];
  const said = { ...record, objectives, result: { ...result, epochs } };
  return JSON.stringify({ search: 'search-uid', record: said });
}

async function leave(folder: string): Promise<void> {
  const root = join(folder, 'runs', 'night');
  const store = await ObjectStore.open({
    directory: join(root, 'objects'),
    kinds: [{ kind: SEARCHES, keep: 'disk' }],
    clock: systemClock,
    newUid: () => 'search-uid',
    logger: silentLogger,
  });
  const { status: _, ...search } = makeSearch();
  await store.of(SEARCHES).create(search);
  const random = Random.fromSeed(1);
  const lines = Array.from({ length: trials }, (__, index) => recordOf(index, random));
  await writeFile(join(root, 'ledger.jsonl'), `${lines.join('\n')}\n`);
}

function get(url: string): Promise<number> {
  const headers = { 'accept-encoding': 'br' };
  return new Promise((resolve) => {
    request(url, { headers }, async (response) => {
      let bytes = 0;
      for await (const chunk of response) bytes += chunk.length;
      resolve(bytes);
    }).end();
  });
}

/** CPU time, and of it that of the thread that answers: what else it has to answer waits as long. */
async function timed(what: string, work: () => Promise<number | undefined>): Promise<void> {
  const [before, own] = [process.cpuUsage(), process.threadCpuUsage()];
  const bytes = await work();
  const [all, thread] = [process.cpuUsage(before), process.threadCpuUsage(own)].map(
    ({ user, system }) => ((user + system) / 1e6).toFixed(2),
  );
  const size = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`${what}: ${all} s of CPU, ${thread} s of the thread that answers${size}`);
}

const folder = await mkdtemp(join(tmpdir(), 'bionas-bench-'));
await leave(folder);
const clock = systemClock;
const place = localPlace(verbIo(folder, { out: [], err: [] }));
const parts = {
  searches: new Searches({ place, clock }),
  page: new Map(),
  hosts: [],
  editing: undefined,
  clock,
  logger: silentLogger,
  signal: new AbortController().signal,
};
const serving = await serve(dashboardApp(parts), { host: '127.0.0.1', port: 0, clock });
const night = `http://127.0.0.1:${serving.port}/api/searches/default/night`;
const feed = await parts.searches.feed({ namespace: 'default', name: 'night' });
console.log(`${trials} trials of ${EPOCHS} epochs`);
await timed('table, from the ledger on', () => get(`${night}/trials`));
await timed('table, known', () => get(`${night}/trials`));
await timed('another look, of which nothing is new', () => feed.look().then(() => undefined));
await timed('search', () => get(night));
await timed('importance, in a thread of its own', () => get(`${night}/importance`));
await timed('importance, known', () => get(`${night}/importance`));
await timed('one trial', () => get(`${night}/trials/night-77`));
console.log(`${(process.memoryUsage().rss / 1e6).toFixed(0)} MB of memory`);
await serving.close();
await rm(folder, { recursive: true });
