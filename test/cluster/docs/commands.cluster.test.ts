// Every command of the docs that is about a cluster is run on a real API server and NATS: each page in namespaces of its own, side by
// side, with one operator for all of them and simulated trainers.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubernetesProgram } from '../../../scripts/cluster/programs.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeClone } from '../../docs/commands/clone.ts';
import type { Command } from '../../docs/commands/extract.ts';
import { type FinishedRun, makeFinishedRun } from '../../docs/commands/finished-run.ts';
import { namespacesOf, needsCluster, shownFiles } from '../../docs/commands/pages.ts';
import { hasPictures } from '../../docs/commands/pictures.ts';
import { inShell } from '../../docs/commands/shell.ts';
import { differences, runByPage, stepOf } from '../../docs/commands/steps.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { type Staff, staffAll } from './staff.ts';

const canRun = hasPictures && tensorFlow !== undefined;
const { kubeconfig, kubectl, natsUrl } = sharedCluster();
/** Ms; for machines that have much else to do. */
const LONG = 900_000;
const rooms: string[] = [];
let folder = '';
let staff: Staff | undefined;
let local: FinishedRun;

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), 'bionas-docs-'));
  await symlink(kubernetesProgram('kubectl'), join(folder, 'kubectl'));
  [staff, local] = await Promise.all([
    staffAll(folder),
    makeFinishedRun(folder, AbortSignal.timeout(LONG), { trials: 2 }),
  ]);
}, LONG);

afterAll(async () => {
  // While there is an operator: what it has made of a search goes with the search.
  const all = (await kubectl(['get', 'namespaces', '-o', 'name'])).trim().split('\n');
  const ours = all.filter((name) => rooms.some((room) => name.startsWith(`namespace/${room}`)));
  if (ours.length > 0) await kubectl(['delete', ...ours, '--timeout=100s']);
  await staff?.[Symbol.asyncDispose]();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
}, LONG);

/** A namespace for what names none, and for each that is named one whose name begins alike; in the environment as $NS. */
async function roomFor(commands: readonly Command[]): Promise<string> {
  const own = await makeNamespace(kubectl);
  rooms.push(own);
  for (const name of namespacesOf(commands))
    await kubectl(['create', 'namespace', `${own}-${name}`]);
  return own;
}

const OWN_CONTEXT = 'kubectl config set-context --current --namespace="$NS"';

test.runIf(canRun).concurrent.for(runByPage(needsCluster))(
  'the commands of %s do what the page says on a cluster',
  { timeout: LONG },
  async ([page, commands], { signal }) => {
    const NS = await roomFor(commands);
    const clone = await makeClone({
      ...{ folder, cache: local.cache, programs: folder, files: shownFiles(page) },
      env: { NS, NATS_URL: natsUrl, FINISHED: local.finished, KUBECONFIG: '.kubeconfig' },
    });
    const begin = { said: 'a kubeconfig', run: `cp ${kubeconfig} .kubeconfig && ${OWN_CONTEXT}` };
    const [, ...done] = await inShell(clone, [begin, ...commands.map(stepOf)], signal);
    expect(differences(commands, done)).toEqual([]);
  },
);
