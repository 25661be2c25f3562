// `bionas logs` on a real API server and NATS, of fake nodes on which the test stands in for the kubelet.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addLogsCommand } from '../../../cli/logs/index.ts';
import { type VerbIo, verb } from '../../builders/verbs.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { type SearchRoom, TEMPLATE } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';
import { LogServer } from './log-server.ts';

const { kubeconfig, natsUrl, kubectl } = sharedCluster();
let staffed: StaffedRoom;
let room: SearchRoom;
let trainMs: number | Promise<number> = 200;

beforeAll(async () => {
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

const logs = (args: readonly string[], changed: Partial<VerbIo> = {}) => {
  const place = ['--kubeconfig', kubeconfig, '-n', room.namespace, '--nats', natsUrl];
  return verb(addLogsCommand, '/', ['logs', ...args, ...place], changed);
};

const on = ({ node }: LogServer) => ({
  ...TEMPLATE,
  spec: { ...TEMPLATE.spec, nodeSelector: { 'kubernetes.io/hostname': node } },
});

test('logs are those of the Pod while it is there, of all attempts; then the ledger tells', async () => {
  await using nodes = await LogServer.start(kubectl, 'log-node');
  await room.apply({ name: 'wordy', trials: 2, keep: 1, spec: { trialTemplate: on(nodes) } });
  await room.ended('wordy');
  const last = await logs(['wordy', '1']);
  expect(last.err).toEqual(['==> wordy-0001-0']);
  expect(last.out.join('')).toBe(`${room.namespace}/wordy-0001-0/trainer has spoken\n`);

  await eventually(async () => expect(await room.pods('wordy')).toHaveLength(1), 30_000);
  const gone = await logs(['wordy', '0']);
  expect(gone.err).toEqual(['==> wordy-0000-0: its log is gone']);
  expect(gone.out).toEqual([expect.stringMatching(/^wordy-0000: Trained after 1 attempts/)]);
  expect(gone.code).toBe(1);
});

test('a trial is followed from one attempt to the next until it has ended, or until Ctrl-C', async () => {
  await using nodes = await LogServer.start(kubectl, 'followed-node');
  const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  trainMs = first.promise;
  await room.apply({ name: 'told', trials: 1, spec: { trialTemplate: on(nodes) } });
  await eventually(async () => expect(await room.training('told')).toBe(1), 30_000);
  const following = logs(['told', '0', '--follow']);
  await nodes.say('told-0000-0', 'out of luck');
  await nodes.cut('told-0000-0');
  await nodes.say('told-0000-0', 'without a loss');
  staffed.trainers.breakNode(nodes.node);
  trainMs = second.promise;
  first.resolve(0);
  await nodes.finish('told-0000-0');
  await nodes.say('told-0000-1', 'in luck');
  staffed.trainers.mendNode(nodes.node);

  const stop = new AbortController();
  const write = async () => void stop.abort();
  const { signal } = stop;
  const interrupted = logs(['told', '0', '-f', '--attempt', '1'], { signal, write });
  await expect(interrupted).rejects.toThrow(/abort/);

  second.resolve(0);
  await eventually(
    async () =>
      expect((await room.trials('told'))[0]?.status?.conditions.at(-1)?.type).toBe('Succeeded'),
    30_000,
  );
  await nodes.finish('told-0000-1');
  const { out, err, code } = await following;
  const spoken = (attempt: number) => `${room.namespace}/told-0000-${attempt}/trainer has spoken`;
  expect(out.join('')).toBe(`${spoken(0)}\nout of luck\nwithout a loss\n${spoken(1)}\nin luck\n`);
  expect([err, code]).toEqual([['==> told-0000-0', '==> told-0000-1'], undefined]);
});
