// Tenants of a real cluster who share one operator: a namespace that enforces Pod Security's `restricted`, templates that want more,
// secrets that stay secret, and a search that is made to hurt.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperatorProcess } from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { type SearchRoom, searchManifest, TEMPLATE } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';

const RESTRICTED = 'pod-security.kubernetes.io/enforce=restricted';

const cluster = sharedCluster();
let room: SearchRoom;
let operator: OperatorProcess;
let staffed: StaffedRoom;

beforeAll(async () => {
  staffed = await staffRoom({ label: RESTRICTED });
  ({ room, operator } = staffed);
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

/** The template with fields more, in its spec and in the trainer's container. */
const template = (spec: object, container: object = {}) => ({
  ...TEMPLATE,
  spec: {
    ...TEMPLATE.spec,
    ...spec,
    containers: [{ ...TEMPLATE.spec.containers[0], ...container }],
  },
});

test('a search runs where Pod Security enforces restricted, without a word about it', async () => {
  await room.apply({ name: 'modest', trials: 2, spec: { final: { topK: 1 } } });
  expect(await room.ended('modest')).toMatchObject({
    phase: 'Completed',
    trials: { succeeded: 2, failed: 0 },
  });
  const pods = await room.pods();
  expect(pods).toHaveLength(3);
  for (const { spec } of pods) {
    expect(spec).toMatchObject({ automountServiceAccountToken: false });
    expect(JSON.stringify(spec)).not.toContain('kube-api-access');
  }
  await room.remove('modest');
});

test('a template that asks for more is refused, the Trial says why, and goes on once it may', async () => {
  const trialTemplate = template({ hostNetwork: true });
  await room.apply({ name: 'greedy', trials: 1, spec: { trialTemplate } });
  const said = await eventually(async () => {
    const [trial] = await room.trials();
    const running = trial?.status?.conditions?.find(({ type }) => type === 'Running');
    if (running?.reason !== 'Refused') throw new Error(`not refused yet: ${running?.reason}`);
    return running.message;
  });
  expect(said).toMatch(
    /violates PodSecurity "restricted:latest": host namespaces \(hostNetwork=true\)/,
  );
  expect(await room.pods()).toEqual([]);

  await cluster.kubectl(['label', 'namespace', room.namespace, `${RESTRICTED.split('=')[0]}-`]);
  await room.kubectl(['annotate', 'trial', 'greedy-0000', 'looked-at=now']);
  expect(await room.ended('greedy')).toMatchObject({ phase: 'Completed' });
  await cluster.kubectl(['label', 'namespace', room.namespace, RESTRICTED]);
  await room.remove('greedy');
});

test('what a Secret holds, or a template, is in no status, event, log or report', async () => {
  const [held, written] = ['held-7f3a91', 'written-5c20be'];
  await room.kubectl(['create', 'secret', 'generic', 'wandb', `--from-literal=key=${held}`]);
  const env = [
    { name: 'WANDB_API_KEY', valueFrom: { secretKeyRef: { name: 'wandb', key: 'key' } } },
    { name: 'HF_TOKEN', value: written },
  ];
  const trialTemplate = template({}, { env });
  await room.apply({ name: 'discreet', trials: 2, spec: { trialTemplate } });
  const status = await room.ended('discreet');
  const trials = await room.trials();
  const told = [
    JSON.stringify([status, trials.map((trial) => trial.status)]),
    await room.kubectl(['get', 'events', '-o', 'json']),
    operator.log,
    JSON.stringify((await room.pods()).map(({ spec }) => assignmentIn(spec))),
  ];
  expect(told[1]).toContain('discreet');
  for (const text of told) {
    expect(text).not.toContain(held);
    expect(text).not.toContain(written);
  }
  await room.remove('discreet');
});

/** What the trainer is told of its trial. */
const assignmentIn = (spec: unknown): unknown =>
  (spec as { containers: { env?: { name: string; value?: string }[] }[] }).containers
    .flatMap((container) => container.env ?? [])
    .filter(({ name }) => name === 'BIONAS_TRIAL');

/** The API server itself takes no more than ten thousand. */
const LEVELS = 9_000;

test('a template that nests as deep as the API server takes holds up nobody else', async () => {
  const metadata = { ...TEMPLATE.metadata, deep: 'DEEP' };
  const wish = { name: 'abyss', trials: 1, spec: { trialTemplate: { ...TEMPLATE, metadata } } };
  const text = JSON.stringify(searchManifest(wish));
  const deep = text.replace('"DEEP"', '['.repeat(LEVELS) + ']'.repeat(LEVELS));
  const create = ['-n', room.namespace, 'create', '--validate=false', '-f', '-'];
  await cluster.kubectl(create, deep);
  await room.apply({ name: 'after', trials: 1 });
  expect(await room.ended('after')).toMatchObject({ phase: 'Completed' });
  await room.remove('after');
  await room.remove('abyss');
});
