// The page in a real browser, by a real server, over the directory of a run: it says what the API says, in reach of everybody.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readPage } from '../../cli/dashboard/page.ts';
import { formatMetric } from '../../cli/quantities/index.ts';
import {
  beyondTheSide,
  CONTRAST,
  hasChromium,
  launchChromium,
  openPage,
  type Visit,
  violations,
} from '../builders/browser.ts';
import { serveDashboard } from '../builders/dashboard.ts';
import { leaveNight } from '../builders/night-run.ts';
import { makeRecord } from '../builders/search-result.ts';

const DIST = join(import.meta.dirname, '../../dashboard/dist');
/** Machines are busy. */
const PATIENT = { timeout: 20_000 };
const NIGHT = '/api/searches/default/night';
const VIEWS = [
  '',
  'default/night',
  'default/night/trials',
  'default/night/places',
  'default/night/lineage',
  'default/night/settings',
  'default/night/trial/night-0002',
  'default/night/trial/night-final-0',
  'default/night/compare/night-0000/night-0002',
] as const;

describe.skipIf(!hasChromium)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function visit(view: string, asked: Visit & { token?: string } = {}) {
    const folder = await leaveNight();
    const { token } = asked;
    const served = await serveDashboard(folder, {
      page: await readPage(DIST),
      ...(token === undefined ? {} : { token }),
    });
    const { page, complaints } = await openPage(browser, `${served.url}/#${view}`, asked);
    onTestFinished(() => page.close());
    return { ...served, folder, page, complaints };
  }

  test('the list of searches says what the API says of them', async () => {
    const { page, get } = await visit('/');
    const [search] = (await get('/api/searches')).json.searches;
    const row = page.getByRole('row', { name: 'default/night' });
    await row.waitFor();
    const cells = await row.getByRole('cell').allInnerTexts();
    const { succeeded, failed, running } = search.trials;
    expect(cells[1]).toBe(search.phase);
    expect(cells[2]).toBe(`${succeeded + failed}/${search.budget.trials}`);
    expect(cells[3]).toBe(formatMetric(search.objectives[0].metric, search.best[0]));
    expect(cells[5]).toBe(String(running));
    expect(cells[6]).toBe(String(failed));
  });

  test('the list of trials says what the API says of them, in the order asked for', async () => {
    const { page, get, complaints } = await visit('/default/night/trials?sort=trial');
    const { trials } = (await get(`${NIGHT}/trials`)).json;
    await page.getByRole('row').nth(1).waitFor();
    const rows = await gridRows(page);
    const want = trials.map(
      ({ index, state, objectives }: { index: number; state: string; objectives?: number[] }) => [
        `#${index}`,
        state,
        objectives?.[0] === undefined ? '' : formatMetric('accuracy', objectives[0]),
      ],
    );
    expect(rows.map((cells) => cells.slice(1, 4))).toEqual(want);
    expect(complaints).toEqual([]);
  });

  test('a trial says what the API says of it', async () => {
    const { page, get } = await visit('/default/night/trial/night-final-0');
    const { trial, yaml } = (await get(`${NIGHT}/trials/night-final-0`)).json;
    await page.getByRole('heading', { name: 'Network' }).waitFor();
    const text = await page.getByRole('main').textContent();
    expect(text).toContain(trial.message);
    expect(text).toContain(formatMetric('accuracy', trial.metrics.testAccuracy));
    expect(text).toContain(trial.genotype);
    expect(text).toContain(yaml.trim().split('\n')[0]);
    for (const { attack, accuracy } of trial.robustness.attacks) {
      expect(text).toContain(attack);
      expect(text).toContain(formatMetric('accuracy', accuracy));
    }
  });

  test.each<Visit>([{ dark: true }, { width: 400 }])(
    'axe finds nothing against WCAG AA, and nothing hangs over at the side, with %j',
    async (how) => {
      const { page, complaints, url } = await visit('/', how);
      await page.getByRole('row', { name: 'default/night' }).waitFor();
      for (const view of VIEWS) {
        await page.goto(`${url}/#/${view}`);
        await settled(page);
        expect(await violations(page), `axe on /${view}`).toEqual([]);
        const colorScheme = how.dark ? 'light' : 'dark';
        await page.emulateMedia({ colorScheme });
        expect(await violations(page, CONTRAST), `/${view} when ${colorScheme}`).toEqual([]);
        await page.emulateMedia({ colorScheme: how.dark ? 'dark' : 'light' });
        expect(await beyondTheSide(page), `width of /${view}`).toBe(0);
      }
      expect(complaints).toEqual([]);
    },
  );

  test('the settings are copied as the YAML that the API has', async () => {
    const { page, get } = await visit('/default/night/settings');
    const { yaml } = (await get(NIGHT)).json;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy YAML' }).click();
    await page.getByText('copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(yaml);
    expect(await page.locator('pre').textContent()).toBe(yaml);
  });

  test('a run that cannot be read is told in the list and on its page, until it is mended', async () => {
    const { page, folder, url } = await visit('/');
    const objects = join(folder, 'runs', 'night', 'objects', 'bionassearches.bionas.dev');
    const file = join(objects, 'default', 'night.json');
    const whole = await readFile(file);
    await writeFile(file, '{');
    await page.getByText(`default/night cannot be read: ${file}: expected an object`).waitFor();
    await page.goto(`${url}/#/default/night/trials`);
    await page.getByText(`${file}: expected an object`).waitFor();
    await writeFile(file, whole);
    await page.getByText('6 trials').waitFor();
    await page.getByText(`${file}: expected an object`).waitFor({ state: 'hidden' });
  });

  test('an address leads to a view with its filter, and back leads back', async () => {
    const { page } = await visit('/default/night/trials?filter=state:Failed');
    await page.getByText('1 of 6 trials').waitFor();
    expect(await gridRows(page)).toHaveLength(1);
    await page.getByRole('link', { name: '#3' }).click();
    await page.getByRole('heading', { name: 'night-0003' }).waitFor();
    expect(page.url()).toContain('#/default/night/trial/night-0003');
    await page.goBack();
    await page.getByText('1 of 6 trials').waitFor();
    await page.getByLabel('Filter trials').fill('accuracy>high');
    await page.getByText('expected a number').waitFor();
  });

  test('everything is done by the keyboard: filter, move, pick two, compare, open', async () => {
    const { page } = await visit('/default/night/trials?sort=trial');
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('state:Trained stage:search');
    await page.getByText('3 of 6 trials').waitFor();
    await page.locator('[data-place="0"]').focus();
    for (const key of ['x', 'ArrowDown', 'ArrowDown', 'x']) await page.keyboard.press(key);
    await page.getByRole('link', { name: 'Compare the two' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'night-0002' }).waitFor();
    await page.goBack();
    await page.locator('[data-place="0"]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'night-0002', level: 1 }).waitFor();
  });

  test('values of a place are chosen by arrows and space, and become a term of the filter', async () => {
    const { page } = await visit('/default/night/places');
    const value = page.getByRole('group', { name: '0→1' }).getByRole('checkbox').first();
    await value.focus();
    await page.keyboard.press(' ');
    const filter = () => page.getByLabel('Filter trials').inputValue();
    await expect.poll(filter, PATIENT).toBe(`0→1=${await value.getAttribute('aria-label')}`);
    expect(page.url()).toContain('filter=');
    await page.keyboard.press(' ');
    await expect.poll(filter, PATIENT).toBe('');
  });

  test('a trial that ends appears by itself, and a lost connection is told', async () => {
    const { page, folder, close } = await visit('/default/night/trials');
    await page.getByRole('status').getByText('live').waitFor();
    await appendFile(
      join(folder, 'runs', 'night', 'ledger.jsonl'),
      `${JSON.stringify({ search: 'search-uid', record: makeRecord(6) })}\n`,
    );
    await page.getByRole('link', { name: '#6' }).waitFor();
    await close();
    await page.getByText('connection lost').waitFor();
  });

  test('a search is suspended by whoever has the address with its token', async () => {
    const { page, get } = await visit('token=secret', { token: 'secret' });
    await page.getByRole('link', { name: 'default/night' }).click();
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect((await get(NIGHT)).json.object.spec.suspend).toBe(true);
    expect(page.url()).not.toContain('secret');
  });
});

async function gridRows(page: Page): Promise<string[][]> {
  const rows = await page.locator('.grid-body [role=row]').all();
  return Promise.all(rows.map((row) => row.getByRole('gridcell').allInnerTexts()));
}

/** Cards further down make their content once they come near: all are near a tall window. */
async function settled(page: Page): Promise<void> {
  const { width = 0 } = page.viewportSize() ?? {};
  await page.setViewportSize({ width, height: 4000 });
  const unmade = page.locator('.later').or(page.getByText('Loading …'));
  await expect.poll(() => unmade.count(), PATIENT).toBe(0);
}
