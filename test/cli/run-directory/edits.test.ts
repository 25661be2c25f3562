// An edit that is left for a run under way: taken, refused, or not looked at. The run's side is played by the function it calls.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { editStoredSearch, takeEdits } from '../../../cli/run-directory/index.ts';
import { BioNASSearch } from '../../../crds/index.ts';
import { type ObjectClient, systemClock } from '../../../operator/runtime/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'edits-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

const search = BioNASSearch.parse({
  ...makeSearchManifest({ budget: { trials: 3 }, final: { topK: 0 } }),
  metadata: { name: 'night', namespace: 'default' },
});

/** A run of the search is under way, and answers a patch so. */
async function runThat(patch: ObjectClient<BioNASSearch>['patch']) {
  const objects = join(root, 'objects', 'bionassearches.bionas.dev', 'default');
  await mkdir(objects, { recursive: true });
  await writeFile(join(objects, 'night.json'), JSON.stringify(search));
  await writeFile(join(root, 'lock'), '11');
  const client = { patch } as ObjectClient<BioNASSearch>;
  const ended = new AbortController();
  const told: string[] = [];
  const looking = (async () => {
    while (!ended.signal.aborted) {
      told.push(...(await takeEdits(root, client, search)));
      await systemClock.sleep(10, ended.signal).catch(() => undefined);
    }
  })();
  onTestFinished(async () => {
    ended.abort();
    await looking;
  });
  return told;
}

const edit = () =>
  editStoredSearch(
    root,
    { budget: { trials: 5 } },
    { pid: 22, isAlive: () => true, clock: systemClock, signal: new AbortController().signal },
  );

test('an edit that the run refuses is no edit that was made', async () => {
  const told = await runThat(async () => {
    throw new Error('spec.budget.trials: the search has ended');
  });
  await expect(edit()).rejects.toThrow(
    /the run under way there refused the edit: spec\.budget\.trials: the search has ended$/,
  );
  expect(told).toEqual(['an edit was refused: spec.budget.trials: the search has ended']);
  expect(await readdir(join(root, 'edits'))).toEqual([]);
});

test('an edit that the run takes leaves nothing behind', async () => {
  const seen: unknown[] = [];
  await runThat(async (_, patch) => {
    seen.push(patch);
    return search as never;
  });
  await edit();
  expect(seen).toEqual([{ spec: { budget: { trials: 5 } } }]);
  expect(await readdir(join(root, 'edits'))).toEqual([]);
});
