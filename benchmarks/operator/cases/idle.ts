// An operator with many searches behind it and nothing to do.
import { setTimeout as delay } from 'node:timers/promises';
import { BioNASSearch, BioNASSearchStatus } from '../../../crds/index.ts';
import {
  createKubernetesClients,
  loadKubeConfig,
} from '../../../operator/adapters/kubernetes/index.ts';
import { SEARCHES } from '../../../operator/reconcilers/index.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { searchManifest } from '../../../test/cluster/search/search-room.ts';
import type { Case } from '../case.ts';
import { memoryOf, usedBetween } from '../processes.ts';
import { round } from '../statistics.ts';

const AT_ONCE = 20;
const SETTLE_MS = 10_000;
const WATCHED_MS = 30_000;

export const idle: Case = {
  name: 'idle',
  what: '30 s of nothing after many searches; what is counted as trials here are those searches',
  trials: 1_000,
  nodes: 1,
  trainMs: [0, 0],
  audit: false,
  async measure(room, trials) {
    await makeFinished(room.plane.kubeconfig, trials);
    const operator = await room.startOperator();
    await delay(SETTLE_MS);
    const before = room.usage();
    await delay(WATCHED_MS);
    const used = usedBetween(before, room.usage());
    const cores = (used.of['operator'] ?? 0) / used.seconds;
    return {
      operatorPercentOfACore: round(cores * 100, 2),
      othersCores: used.othersCores,
      operatorPeakMegabytes: memoryOf(operator.pid).peakMegabytes,
    };
  },
};

/** As an administrator who restores a backup would. */
async function makeFinished(kubeconfig: string, count: number): Promise<void> {
  const clients = createKubernetesClients({
    kubeConfig: loadKubeConfig({ file: kubeconfig }),
    product: { name: 'bench', version: '0' },
    clock: systemClock,
    random: Math.random,
    qps: 1_000,
    burst: 1_000,
  });
  const client = clients.of(SEARCHES);
  const status = finished();
  const make = async (index: number) => {
    const name = `past-${String(index).padStart(4, '0')}`;
    const search = BioNASSearch.parse(searchManifest({ name, trials: 50 }));
    const { metadata } = search;
    await client.create({ ...search, metadata: { ...metadata, namespace: 'default' } });
    await client.patchStatus({ namespace: 'default', name }, status);
  };
  for (let begin = 0; begin < count; begin += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - begin);
    await Promise.all(Array.from({ length: size }, (_, i) => make(begin + i)));
  }
  await clients.close();
}

/** With all that a status holds in the end. */
function finished(): BioNASSearchStatus {
  const now = new Date().toISOString();
  const condition = {
    observedGeneration: 1,
    lastTransitionTime: now,
    reason: 'BudgetSpent',
    message: '50 trials',
  };
  const best = Array.from({ length: 10 }, (_, index) => ({
    trial: `past-${String(index).padStart(4, '0')}`,
    index,
    genotype: 'nb201;'.padEnd(300, 'nor_conv_3x3:uSF,'),
    objectives: [0.9],
    parameters: 1_000_000,
  }));
  return BioNASSearchStatus.parse({
    observedGeneration: 1,
    phase: 'Completed',
    conditions: [
      { ...condition, type: 'Ready', status: 'False' },
      { ...condition, type: 'Suspended', status: 'False' },
      { ...condition, type: 'Completed', status: 'True' },
    ],
    startTime: now,
    completionTime: now,
    trials: { proposed: 50, running: 0, succeeded: 50, failed: 0 },
    best,
  });
}
