// Chromium without a window, for tests of pages. Where it is not installed they are skipped.
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const hasChromium: boolean = existsSync(EXECUTABLE);
if (!hasChromium)
  console.warn(
    `tests in a browser are skipped: ${EXECUTABLE} is missing (apt-get install chromium)`,
  );

/** It asks nothing of any network by itself. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export interface Visit {
  readonly width?: number;
  readonly dark?: true;
}

/** A page with what it complains of: errors of scripts, and of its policy. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, dark }: Visit = {},
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const WCAG_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Of that, what changes with the colours. */
export const CONTRAST = { type: 'rule', values: ['color-contrast'] };

/** What axe finds on the page against WCAG AA. It fetches no style sheets, which a policy may forbid. */
export async function violations(page: Page, runOnly: object = WCAG_AA): Promise<string[]> {
  await page.evaluate(axe.source);
  const run = `axe.run(document, ${JSON.stringify({ preload: false, runOnly })})`;
  const { violations: found } = (await page.evaluate(run)) as { violations: Violation[] };
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Pixels by which the page is wider than its window. */
export const beyondTheSide = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
