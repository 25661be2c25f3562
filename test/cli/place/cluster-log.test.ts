// A Pod's log, followed over streams that end before its container does.
import { expect, test } from 'vitest';
import { logOf } from '../../../cli/place/cluster-log.ts';
import {
  type KubernetesClients,
  type PodLogOptions,
  ServerFailureError,
  TransportError,
} from '../../../operator/adapters/kubernetes/index.ts';
import { NotFoundError, systemClock } from '../../../operator/runtime/index.ts';
import { makePod } from '../../builders/objects.ts';

const POD = { namespace: 'default', name: 'night-0-0' };
const LINES = ['one', 'two', 'three'].map((text, k) => ({
  time: `2026-11-30T12:00:0${k}.000000000Z`,
  text,
}));
const [running, ended] = [makePod().on('a').running(), makePod().on('a').ended(0)];

const GONE = new NotFoundError('Pod night-0-0');

interface Night {
  /** Of each stream: how many lines it has got to, and what it ends with. */
  readonly streams: readonly (readonly [number, Error?])[];
  /** At each look between them. */
  readonly pods: readonly (typeof running | Error)[];
}

async function followed({ streams, pods }: Night, tailLines?: number) {
  const asked: PodLogOptions[] = [];
  const looks = [...pods];
  const clients = {
    of: () => ({
      async get() {
        const pod = looks.shift();
        if (pod === undefined || pod instanceof Error) throw pod ?? new Error('one look too many');
        return pod.object;
      },
    }),
    async *podLog(_: unknown, options: PodLogOptions) {
      const [end, failure] = streams[asked.push(options) - 1] ?? [0];
      const from = options.sinceTime ?? '';
      for (const { time, text } of LINES.slice(0, end))
        if (time >= from) yield Buffer.from(`${time} ${text}\n`);
      if (failure !== undefined) throw failure;
    },
  } as unknown as KubernetesClients;
  const clock = { ...systemClock, sleep: async () => undefined };
  const { signal } = new AbortController();
  const log = await logOf(clients, POD, { follow: true, tailLines, clock, signal });
  let text = '';
  for await (const chunk of log ?? []) text += Buffer.from(chunk);
  expect(looks).toEqual([]);
  return { text, asked: asked.map((each) => [each.tailLines, each.sinceTime]) };
}

test('a stream that ends while its Pod runs is taken up where it ended', async () => {
  const { text, asked } = await followed({ streams: [[1], [2], [3]], pods: [running, ended] }, 5);
  expect(text).toBe('one\ntwo\nthree\n');
  expect(asked).toEqual([
    [5, undefined],
    [undefined, LINES[0]?.time],
    [undefined, LINES[1]?.time],
  ]);
});

test('so is one whose connection breaks', async () => {
  const streams = [[1, new TransportError('socket hang up')], [3]] as const;
  expect((await followed({ streams, pods: [ended] })).text).toBe('one\ntwo\nthree\n');
});

test('a Pod that is gone ends it', async () => {
  const streams = [[2], [0, GONE]] as const;
  const pods = [GONE];
  expect((await followed({ streams, pods })).text).toBe('one\ntwo\n');
});

test('that nobody answers for the log any more is an error', async () => {
  const streams = [[1], [0, new ServerFailureError('no route to host', 500)]] as const;
  await expect(followed({ streams, pods: [running] })).rejects.toThrow('no route to host');
});
