// Pictures of the dashboard over a run's directory, into docs/images: the search's overview, its places, and its best trial in the
// dark. scripts/make-dashboard-screenshots.sh calls it.
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import type { SearchList, TrialTable } from '../dashboard/api.ts';
import { launchChromium } from '../test/builders/browser.ts';
import { startDashboardProcess } from '../test/builders/dashboard-process.ts';

const IMAGES = resolve(import.meta.dirname, '../docs/images');

interface Picture {
  readonly file: string;
  readonly view: string;
  readonly height: number;
  readonly dark?: true;
}

const run = resolve(process.argv[2] ?? 'runs/quickstart');
const { url, process: server } = await startDashboardProcess(process.cwd(), [run]);
const browser = await launchChromium();
try {
  for (const picture of await picturesOf(url)) await take(browser, url, picture);
} finally {
  await browser.close();
  server.kill();
}

async function picturesOf(from: string): Promise<Picture[]> {
  const ask = async <T>(path: string) =>
    (await (await fetch(`${from}/api/searches${path}`)).json()) as T;
  const [search] = (await ask<SearchList>('')).searches;
  const key = `${search?.namespace}/${search?.name}`;
  const { trials } = await ask<TrialTable>(`/${key}/trials`);
  const best = trials.find(({ objectives }) => objectives?.[0] === search?.best?.[0]);
  return [
    { file: 'dashboard-overview.png', view: key, height: 1100 },
    { file: 'dashboard-places.png', view: `${key}/places`, height: 900 },
    {
      file: 'dashboard-trial-dark.png',
      view: `${key}/trial/${best?.name}`,
      height: 1060,
      dark: true,
    },
  ];
}

async function take(from: Browser, at: string, { file, view, height, dark }: Picture) {
  const page = await from.newPage({
    viewport: { width: 1280, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(`${at}/#/${view}`);
  await page.locator('canvas, .graph').first().waitFor();
  // Whatever is near has been drawn by then.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(IMAGES, file) });
  await page.close();
}
