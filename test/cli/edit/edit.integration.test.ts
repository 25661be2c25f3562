// Edits of a run that is under way: it takes them up as an operator takes up a patch.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { addLogsCommand } from '../../../cli/logs/index.ts';
import { runSearch } from '../../../cli/run/run-search.ts';
import { addStatusCommand } from '../../../cli/status/index.ts';
import { addTopCommand } from '../../../cli/top/index.ts';
import { BioNASSearch } from '../../../crds/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { verb } from '../../builders/verbs.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

const TRAINER = fileURLToPath(new URL('../../builders/scripted-trainer.ts', import.meta.url));
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bionas-edit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Whoever edits is another process than the one that runs. */
const isAlive = () => true;
const say = (add: Parameters<typeof verb>[0], ...args: string[]) =>
  verb(add, folder, args, { isAlive });
const phase = async () => {
  const { out } = await say(addStatusCommand, 'status', 'night', '-o', 'json');
  return JSON.parse(out.join('\n')).items[0].status;
};

test('a run is suspended, resumed and given more trials from outside, and ends with them', async () => {
  const spec = {
    algorithm: { name: 'random' },
    budget: { trials: 3 },
    final: { topK: 0 },
  };
  const manifest = BioNASSearch.parse({
    ...makeSearchManifest(spec),
    metadata: { name: 'night', namespace: 'default' },
  });
  const notes: string[] = [];
  const running = runSearch(
    manifest,
    {
      root: join(folder, 'runs', 'night'),
      fresh: false,
      slots: 1,
      cores: 1,
      cache: folder,
      env: { PATH: process.env['PATH'] ?? '', BIONAS_TEST_MS: '300' },
      trainerCommand: [process.execPath, '--disable-warning=ExperimentalWarning', TRAINER],
      view: { update() {}, note: (line) => void notes.push(line), end() {}, close() {} },
      signal: new AbortController().signal,
      pid: process.pid,
      isAlive: () => false,
      others: { find: async () => ({ missing: 'none' }) },
    },
    async () => undefined,
  );
  await eventually(async () => expect((await phase())?.trials.running).toBe(1), 20_000);
  expect((await say(addEditCommands, 'suspend', 'night')).out[0]).toMatch(/^night suspended/);
  await eventually(async () => expect((await phase()).phase).toBe('Suspended'), 20_000);
  await eventually(() => expect(notes).toContain(HOW_TO_GO_ON), 5_000);
  expect((await say(addEditCommands, 'budget', 'night', '--trials', '5')).out).toEqual([
    'night: trials 3 -> 5',
  ]);
  await say(addEditCommands, 'resume', 'night');
  expect(await running).toBe('completed');
  expect(await phase()).toMatchObject({ phase: 'Completed', trials: { succeeded: 5 } });
  expect(await readdir(join(folder, 'runs', 'night', 'edits'))).toEqual([]);

  const { out } = await say(addTopCommand, 'top', 'night', '-o', 'name');
  expect(out).toHaveLength(5);
  const log = await say(addLogsCommand, 'logs', 'night', '0');
  expect(log.out.join('')).toContain('of night-0000 trains');
});

const HOW_TO_GO_ON =
  'suspended: bionas resume with this directory, from another shell, lets it go on';
