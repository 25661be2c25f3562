// Every command of the docs that needs no cluster is run: each page in a clone of its own, side by side, on one small real search.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeClone } from './clone.ts';
import { type FinishedRun, makeFinishedRun } from './finished-run.ts';
import { needsCluster, shownFiles } from './pages.ts';
import { hasPictures } from './pictures.ts';
import { inShell } from './shell.ts';
import { differences, runByPage, stepOf } from './steps.ts';

const canRun = hasPictures && tensorFlow !== undefined;
/** Ms; for machines that have much else to do. */
const LONG = 900_000;
/** As pages name it. */
const NAMES = ['quickstart', 'night', 'small-and-good'];
let folder = '';
let run: FinishedRun;

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), 'bionas-docs-'));
  run = await makeFinishedRun(folder, AbortSignal.timeout(LONG));
}, LONG);

afterAll(() => (folder === '' ? undefined : rm(folder, { recursive: true, force: true })));

test.runIf(canRun).concurrent.for(runByPage((command) => !needsCluster(command)))(
  'the commands of %s do what the page says',
  { timeout: LONG },
  async ([page, commands], { signal }) => {
    const runs = Object.fromEntries(NAMES.map((name) => [name, run.finished]));
    const env = { UNFINISHED: run.unfinished };
    const files = shownFiles(page);
    const clone = await makeClone({ folder, cache: run.cache, runs, env, files });
    const done = await inShell(clone, commands.map(stepOf), signal);
    expect(differences(commands, done)).toEqual([]);
  },
);
