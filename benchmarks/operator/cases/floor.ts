// What any operator pays for a Pod here: Pods that scheduler, fake kubelet and API server bring from creation to deletion, with
// nobody's records beside them.
import {
  createKubernetesClients,
  loadKubeConfig,
} from '../../../operator/adapters/kubernetes/index.ts';
import { PODS, type Pod } from '../../../operator/reconcilers/index.ts';
import { Informer, keyOf, silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { TEMPLATE } from '../../../test/cluster/search/search-room.ts';
import type { Case } from '../case.ts';
import { usedBetween } from '../processes.ts';
import { costPer, perSecond } from '../statistics.ts';

const IN_FLIGHT = 100;

export const floor: Case = {
  name: 'floor',
  what: 'no operator: 100 bare Pods in flight that end at once, each deleted when it has ended',
  trials: 2_000,
  nodes: 16,
  trainMs: [0, 0],
  audit: false,
  async measure(room, trials) {
    const before = room.usage();
    const ends = await runPods(room.plane.kubeconfig, trials);
    const used = usedBetween(before, room.usage());
    return {
      podsPerSecond: perSecond(ends),
      cpuMsPerPod: costPer(trials, used.of),
      othersCores: used.othersCores,
    };
  },
};

/** Monotonic ms at which they were seen to have ended. */
async function runPods(kubeconfig: string, count: number): Promise<number[]> {
  const shared = { clock: systemClock, random: Math.random };
  const clients = createKubernetesClients({
    ...shared,
    kubeConfig: loadKubeConfig({ file: kubeconfig }),
    product: { name: 'bench', version: '0' },
    qps: 2_000,
    burst: 4_000,
  });
  const client = clients.of(PODS);
  const stop = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ends: number[] = [];
  let made = 0;
  const makeNext = async () => {
    made += 1;
    if (made <= count) await client.create(bare(made));
  };
  const informer = new Informer({ kind: PODS, reader: client, logger: silentLogger, ...shared });
  informer.addHandler(({ type, object, previous }) => {
    const isEnd = object.status?.phase === 'Succeeded' && previous?.status?.phase !== 'Succeeded';
    if (type === 'deleted' || !isEnd) return;
    ends.push(systemClock.monotonic());
    Promise.all([client.delete(keyOf(object)), makeNext()]).catch(reject);
    if (ends.length === count) resolve();
  });
  const watching = informer.run(stop.signal);
  await informer.synced();
  await Promise.all(Array.from({ length: IN_FLIGHT }, makeNext));
  await promise;
  stop.abort();
  await watching;
  await clients.close();
  return ends;
}

function bare(index: number): Pod {
  const annotations = { 'fake.bionas.dev/runs-for': '1ms' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `bare-${index}`, namespace: 'default', annotations },
    spec: { ...TEMPLATE.spec, restartPolicy: 'Never' },
  };
}
