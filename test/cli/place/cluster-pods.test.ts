// Pods of a trial as a cluster has them: of each attempt the first worker's, then those of the others.
import { expect, test } from 'vitest';
import { attemptsOf } from '../../../cli/place/cluster-pods.ts';
import type { KubernetesClients } from '../../../operator/adapters/kubernetes/index.ts';
import { makePod, type PodBuilder } from '../../builders/objects.ts';

function attemptsIn(...pods: PodBuilder[]) {
  const list = async () => ({ items: pods.map(({ object }) => object) });
  const clients = { of: () => ({ list }) } as unknown as KubernetesClients;
  return attemptsOf(clients, { namespace: 'default', name: 'night-0' });
}

const pod = (name: string) => makePod().named(name).on('a');

test('the worker that ran out of memory is told beside the first, who lost it', async () => {
  const OOM = { reason: 'OOMKilled' };
  const there = await attemptsIn(
    pod('night-0-1'),
    pod('night-0-0-w10').ended(76),
    pod('night-0-0-w2').ended(137, OOM),
    pod('night-0-0').ended(76),
    pod('night-0-0-0').ended(1),
  );
  expect(there).toEqual([
    { attempt: 0, pod: 'night-0-0', phase: 'Failed', node: 'a', exitCode: 76 },
    {
      attempt: 0,
      worker: 2,
      pod: 'night-0-0-w2',
      phase: 'Failed',
      node: 'a',
      reason: 'OOMKilled',
      exitCode: 137,
    },
    { attempt: 0, worker: 10, pod: 'night-0-0-w10', phase: 'Failed', node: 'a', exitCode: 76 },
    { attempt: 1, pod: 'night-0-1', phase: 'Pending', node: 'a' },
  ]);
});
