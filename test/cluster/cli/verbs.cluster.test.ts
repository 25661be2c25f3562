// The verbs of bionas on a real API server and NATS: what kubectl bionas says of a search is what bionas says of its backup, which is
// a run directory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bionas, kubectlBionas } from '../../builders/command-line.ts';
import { sharedCluster } from '../harness/index.ts';
import type { SearchRoom } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';

const { kubeconfig, natsUrl } = sharedCluster();
const TRIALS = 14;
/** Finished objects that stay: most trials are known by the ledger alone. */
const KEPT = 3;
let staffed: StaffedRoom;
let room: SearchRoom;
let folder = '';
const trainMs = 50;

const plugin = (...args: string[]) =>
  kubectlBionas([...args, '-n', room.namespace], { KUBECONFIG: kubeconfig, NATS_URL: natsUrl });
const without = (...args: string[]) =>
  kubectlBionas([...args, '-n', room.namespace], { KUBECONFIG: kubeconfig, NATS_URL: '' });
const local = (verb: string, ...args: string[]) => bionas(verb, join(folder, 'night'), ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bionas-verbs-'));
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
  await room.apply({ name: 'night', trials: TRIALS, parallelism: 4, keep: KEPT });
  await room.ended('night');
  const place = ['-n', room.namespace, '--kubeconfig', kubeconfig, '--nats', natsUrl];
  expect(await bionas('backup', 'night', join(folder, 'night'), ...place)).toMatchObject({
    code: 0,
  });
});

afterAll(async () => {
  await staffed?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a search reads the same on a cluster and in a directory', async () => {
  for (const verb of [['status'], ['top', '-k', '20']] as const) {
    const [name, ...rest] = verb;
    const there = await plugin(name, 'night', ...rest, '-o', 'json');
    const here = await local(name, ...rest, '-o', 'json');
    expect(there).toMatchObject({ code: 0, stderr: '' });
    expect(itemsOf(there.stdout)).toEqual(itemsOf(here.stdout));
  }
  const names = (await plugin('top', 'night', '-k', '20', '-o', 'name')).stdout.trim().split('\n');
  expect(names).toHaveLength(TRIALS);
});

/** But for logs, which a backup has none of, and times of a record. */
const itemsOf = (json: string): unknown[] =>
  JSON.parse(json).items.map((item: { artifacts?: Record<string, string> }) => {
    const { artifacts, ...rest } = item;
    if (artifacts === undefined) return rest;
    const { log: _, ...files } = artifacts;
    return { ...rest, artifacts: files };
  });

test('without the ledger what is not known is said, and the best are known all the same', async () => {
  const { stdout, stderr, code } = await without('top', 'night', '-o', 'name');
  const all = await plugin('top', 'night', '-o', 'name');
  expect(stdout).toBe(all.stdout);
  expect(code).toBe(0);
  expect(stderr).toMatch(/\d+ trials that ended are not shown: .* --nats/);
});

test('-A lists all namespaces, and a search that is not there says where to look', async () => {
  const all = await kubectlBionas(['status', '-A'], { KUBECONFIG: kubeconfig });
  expect(all.stdout).toMatch(
    new RegExp(`^${room.namespace} +night +Completed +BudgetSpent +14/14`, 'm'),
  );
  expect(await plugin('top', 'day')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('day: expected a BioNASSearch, found none; status -A lists'),
  });
});
