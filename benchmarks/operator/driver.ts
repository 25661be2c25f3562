// The other process of `make bench-operator`: trainers that train nothing, and the clock. What it sees it stamps with its own
// monotonic time and sends to its parent (driver-process.ts); it ends when that does.
import {
  createKubernetesClients,
  loadKubeConfig,
} from '../../operator/adapters/kubernetes/index.ts';
import { SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import {
  Informer,
  type KubernetesObject,
  type ObjectKind,
  silentLogger,
  systemClock,
} from '../../operator/runtime/index.ts';
import { SimulatedTrainers } from '../../test/cluster/simulation/trainers.ts';
import type { DriverSettings, Moment, Order } from './driver-process.ts';

const { kubeconfig, nats, ...settings }: DriverSettings = JSON.parse(process.argv[2] ?? '');
let [from, to] = settings.trainMs;
const clock = systemClock;
const say = (moment: Moment, at = clock.monotonic()): void => {
  process.send?.([moment, at]);
};

const clients = createKubernetesClients({
  kubeConfig: loadKubeConfig({ file: kubeconfig }),
  product: { name: 'bench-clock', version: '0' },
  clock,
  random: Math.random,
});

function watch<T extends KubernetesObject>(kind: ObjectKind<T>): Informer<T> {
  const reader = clients.of(kind);
  const informer = new Informer<T>({
    kind,
    reader,
    clock,
    logger: silentLogger,
    random: Math.random,
  });
  informer.run(new AbortController().signal).catch(fail);
  return informer;
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

process.on('disconnect', () => process.exit());
const held = Promise.withResolvers<void>();
if (settings.held !== true) held.resolve();
process.on('message', (order: Order) => {
  if (order === 'go') held.resolve();
  else [from, to] = order;
});
await SimulatedTrainers.start({
  kubeconfig,
  nats,
  seed: 1,
  behaviour: {
    trainMs: async (random) => {
      say('run');
      await held.promise;
      return from + random.uniform() * (to - from);
    },
  },
  onPod: (at) => say('pod', at),
  onResult: (_, at, sentAt) => {
    say('sent', sentAt);
    say('result', at);
  },
});
const trials = watch(TRIALS);
const searches = watch(SEARCHES);
await Promise.all([trials.synced(), searches.synced()]);
trials.addHandler(({ type }) => {
  if (type === 'added') say('trial');
});
searches.addHandler(({ object, previous }) => {
  const { completionTime } = object.status ?? {};
  if (completionTime !== undefined && previous?.status?.completionTime === undefined) say('end');
});
say('ready');
