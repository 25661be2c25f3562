// `make bench-dashboard`: how fast the page shows a search of 10,000 trials in Chromium, by the real server over the directory of a
// run. Prints milliseconds and writes results/dashboard.json. Asked: first paint < 1 s, a filter < 100 ms.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { FileLedger, ObjectStore } from '../operator/adapters/local/index.ts';
import { SEARCHES } from '../operator/reconcilers/index.ts';
import { keyOf, silentLogger, systemClock } from '../operator/runtime/index.ts';
import { launchChromium } from '../test/builders/browser.ts';
import { startDashboardProcess } from '../test/builders/dashboard-process.ts';
import { makeSearch } from '../test/builders/search-result.ts';
import { recordsOf } from './dashboard/records.ts';
import { writeResult } from './results.ts';

const TRIALS = 10_000;
const RUNS = 5;
const VIEWS = ['', '/trials', '/places', '/lineage'] as const;
const FILTERS = [
  'uSF',
  'state:Trained',
  'accuracy>0.8',
  '0->1:uSF uSF>=2',
  '-skip_connect',
] as const;

/** Milliseconds: by the clock, and of the processor by the page's thread, which other work on the machine does not change. */
interface Taken {
  readonly clock: number;
  readonly thread: number;
}

interface Measured {
  readonly firstPaint: Taken;
  readonly filter: Taken;
}

const folder = await mkdtemp(join(tmpdir(), 'bionas-bench-dashboard-'));
const browser = await launchChromium();
let server: ChildProcess | undefined;
try {
  await leaveRun(join(folder, 'runs', 'night'));
  const serving = await startDashboardProcess(folder);
  server = serving.process;
  const measured: Record<string, Measured> = {};
  for (const view of VIEWS) {
    const url = `${serving.url}/#/default/night${view}`;
    const paints: Taken[] = [];
    for (let k = 0; k < RUNS; k++) paints.push(await inNewTab((tab) => firstPaint(tab, url)));
    const filters = await inNewTab(async (tab) => {
      await firstPaint(tab, url);
      const taken: Taken[] = [];
      for (const text of FILTERS) taken.push(await filter(tab, text));
      return taken;
    });
    const name = view || '/overview';
    measured[name] = { firstPaint: median(paints), filter: slowest(filters) };
    console.log(name, measured[name]);
  }
  await writeResult('dashboard', {
    machine: `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown CPU'}, load ${loadavg()[0]?.toFixed(1)}`,
    what: `Milliseconds in headless Chromium of the dashboard over ${TRIALS} trials: first paint of the search's numbers (median of ${RUNS} loads), and from a change of the filter to the frame that shows what fits (the slowest of ${FILTERS.length}); clock: as it passed, thread: of the processor by the page's thread`,
    ratios: Object.fromEntries(
      Object.entries(measured).flatMap(([view, taken]) => [
        [`${view} first paint / 1000 ms`, round(taken.firstPaint.clock / 1000)],
        [`${view} filter / 100 ms`, round(taken.filter.clock / 100)],
      ]),
    ),
    milliseconds: measured,
  });
} finally {
  await browser.close();
  server?.kill();
  await rm(folder, { recursive: true, force: true });
}

function median(taken: readonly Taken[]): Taken {
  const sorted = taken.toSorted((a, b) => a.clock - b.clock);
  return sorted[Math.floor(sorted.length / 2)] ?? { clock: 0, thread: 0 };
}

function slowest(taken: readonly Taken[]): Taken {
  return taken.reduce((worst, one) => (one.clock > worst.clock ? one : worst));
}

interface Tab {
  readonly page: Page;
  /** What the page's thread has computed so far [ms of the processor]. */
  readonly computed: () => Promise<number>;
}

async function inNewTab<T>(act: (tab: Tab) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const computed = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  try {
    return await act({ page, computed });
  } finally {
    await context.close();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

async function leaveRun(root: string): Promise<void> {
  const search = makeSearch({
    phase: 'Completed',
    trials: { proposed: TRIALS, succeeded: TRIALS },
    completionTime: '2026-01-03T00:00:00Z',
  });
  const store = await ObjectStore.open({
    directory: join(root, 'objects'),
    kinds: [{ kind: SEARCHES, keep: 'disk' }],
    clock: systemClock,
    newUid: () => search.metadata.uid ?? '',
    logger: silentLogger,
  });
  const { status = {}, ...rest } = search;
  await store.of(SEARCHES).create(rest);
  await store.of(SEARCHES).patchStatus(keyOf(search), status);
  const ledger = join(root, 'ledger.jsonl');
  await (await FileLedger.open(ledger, silentLogger)).close();
  const lines = recordsOf(TRIALS).map((record) =>
    JSON.stringify({ search: search.metadata.uid, record }),
  );
  await writeFile(ledger, `${lines.join('\n')}\n`);
}

/** From the start of a load without a cache to the frame with the search's own numbers, rows or charts. */
async function firstPaint({ page, computed }: Tab, url: string): Promise<Taken> {
  await page.goto(url);
  await page.locator('.tiles, .grid-body .line, canvas').first().waitFor();
  const clock = (await page.evaluate(`new Promise((resolve) =>
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))`)) as number;
  return { clock: Math.round(clock), thread: Math.round(await computed()) };
}

/** From an edit of the filter to the frame after it. */
async function filter({ page, computed }: Tab, text: string): Promise<Taken> {
  const before = await computed();
  const clock = (await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector('.filter input');
    const from = performance.now();
    box.value = ${JSON.stringify(text)};
    box.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
  })`)) as number;
  return { clock: Math.round(clock), thread: Math.round((await computed()) - before) };
}
