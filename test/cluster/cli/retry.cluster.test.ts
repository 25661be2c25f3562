// `bionas retry` on a real API server and NATS: the wish is a patch of the spec, the try another trial, and the history replays.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { addLineageCommand } from '../../../cli/lineage/index.ts';
import type { BioNASSearch } from '../../../crds/index.ts';
import { bionas } from '../../builders/command-line.ts';
import { type Said, verb } from '../../builders/verbs.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { TEMPLATE } from '../search/search-room.ts';
import { staffRoom } from '../search/staffed-room.ts';
import { LogServer } from './log-server.ts';

const { kubeconfig, kubectl, natsUrl } = sharedCluster();

test('a trial whose node was broken is tried again once the node is mended', async () => {
  let trained = 0;
  const mended = Promise.withResolvers<number>();
  await using nodes = await LogServer.start(kubectl, 'broken-node');
  await using staffed = await staffRoom({ trainMs: () => (trained++ === 0 ? 0 : mended.promise) });
  const { room, trainers } = staffed;
  const say = (add: Parameters<typeof verb>[0], ...args: string[]) =>
    verb(add, '/', [...args, '--kubeconfig', kubeconfig, '-n', room.namespace, '--nats', natsUrl]);
  const nodeSelector = { 'kubernetes.io/hostname': nodes.node };
  const trialTemplate = { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector } };
  trainers.breakNode(nodes.node);
  await room.apply({ name: 'night', trials: 4, spec: { retry: { limit: 0 }, trialTemplate } });
  await eventually(
    async () => expect((await room.search('night')).status?.trials.failed).toBe(1),
    60_000,
  );
  trainers.mendNode(nodes.node);

  for (const trials of [[-1], [0, 0]])
    await expect(room.edit('night', { retry: { trials } })).rejects.toThrow(/spec.retry.trials/);
  const twice = ['0', '0'].map((trial) => say(addEditCommands, 'retry', 'night', trial));
  // Whichever is the second sees the wish of the first.
  expect((await Promise.allSettled(twice)).map(saidOrWhyNot).toSorted()).toEqual([
    'night-0000: expected a failed trial, but it is to be tried again already',
    'night: 1 trial is to be tried again: night-0000',
  ]);
  expect((await room.search('night')).spec.retry).toMatchObject({ limit: 0, trials: [0] });
  mended.resolve(0);
  const status = await room.ended('night');
  expect(status.trials).toMatchObject({ proposed: 4, succeeded: 3, failed: 1 });
  const [first, again] = (await room.trials('night'))
    .filter(({ spec }) => spec.index === 0 || spec.parent === 0)
    .toSorted((a, b) => a.spec.index - b.spec.index);
  expect(again?.spec).toMatchObject({
    genotype: first?.spec.genotype,
    variation: 'tries trial 0 again',
  });
  expect((await say(addLineageCommand, 'lineage', 'night')).out.join('\n')).toMatch(
    /night-0000 .*\n└─ night-000\d .* tries trial 0 again/,
  );
  await replays(await room.search('night'));
});

const saidOrWhyNot = (end: PromiseSettledResult<Said>): string =>
  end.status === 'fulfilled' ? end.value.out.join('\n') : (end.reason as Error).message;

async function replays(search: BioNASSearch): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bionas-retry-'));
  const manifest = join(folder, 'night.json');
  await writeFile(manifest, JSON.stringify(search));
  const of = ['--search', search.metadata.uid ?? '', '--manifest', manifest];
  const told = await bionas('ledger', 'verify', '--nats', natsUrl, ...of);
  await rm(folder, { recursive: true });
  expect(told.stdout).toMatch(/4 records, indices 0 to 3, the replay fits/);
}
