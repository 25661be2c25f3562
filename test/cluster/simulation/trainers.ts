// Trainers that train nothing: they see Pods that kwok runs, wait, report over NATS as a trainer does, and end the Pod as a
// kubelet does. What goes wrong on the way (repeats, reorderings, lies) is drawn from a seed and the Pod's name.
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EXIT, isSupernetText, type Report, type TrialResult } from '../../../crds/index.ts';
import {
  createKubernetesClients,
  type KubernetesClients,
  loadKubeConfig,
} from '../../../operator/adapters/kubernetes/index.ts';
import { groupOf, PODS, type Pod } from '../../../operator/reconcilers/index.ts';
import {
  Informer,
  keyOf,
  type Live,
  type ObjectClient,
  silentLogger,
  systemClock,
} from '../../../operator/runtime/index.ts';
import { Random } from '../../../operator/search/index.ts';
import { connectInBackground } from '../../../trainer/nats/connection.ts';
import { makeEpochs, makeResult } from '../../builders/objects.ts';
import { BIODARTS, LR_NAS1 } from '../../builders/published-genotypes.ts';
import { hashScore } from '../../builders/search.ts';
import { lies } from './lies.ts';

export interface Behaviour {
  /** Ms from a running Pod to its result. */
  readonly trainMs: (random: Random) => number | Promise<number>;
  /** Chance that a result is sent a second time, up to this many ms later. */
  readonly repeats?: { readonly chance: number; readonly withinMs: number };
  /** Chance that forged and broken messages come before the result. */
  readonly lies?: number;
  /** Chance that the Pod ends before its result is sent. */
  readonly endsFirst?: number;
}

export interface SimulationOptions {
  readonly kubeconfig: string;
  readonly nats: string;
  readonly seed: number;
  /** Whose Pods they see; all when left out. */
  readonly namespace?: string;
  readonly behaviour: Behaviour;
  /** Without kwok: Pods run as soon as they are seen. */
  readonly playKubelet?: boolean;
  /** A Pod was ADDED; monotonic ms. */
  readonly onPod?: (at: number) => void;
  /** A result was acknowledged by the stream, after it was sent; monotonic ms. */
  readonly onResult?: (trial: string, at: number, sentAt: number) => void;
}

interface Assignment {
  readonly trial: string;
  readonly genotype: string;
  readonly epochs: number;
  readonly attempt: number;
  readonly subject: string;
  /** Of the trial's workers: the first alone reports. */
  readonly rank: number;
}

export class SimulatedTrainers implements AsyncDisposable {
  readonly #options: SimulationOptions;
  readonly #clients: KubernetesClients;
  readonly #pods: ObjectClient<Pod>;
  readonly #nats: NatsConnection;
  readonly #stop = new AbortController();
  readonly #seen = new Set<string>();
  /** Pods that are being deleted or gone, by UID: whoever trains there is killed. */
  readonly #gone = new Set<string>();
  /** Nodes whose trainers are heard no more. */
  readonly #lost = new Set<string>();
  /** Nodes whose trainers end with an error. */
  readonly #broken = new Set<string>();
  readonly #work = new Set<Promise<void>>();
  #informing: Promise<void> = Promise.resolve();
  /** Pods that were taken on, by trial UID: more than one is another attempt. */
  readonly attempts = new Map<string, number>();

  private constructor(
    options: SimulationOptions,
    clients: KubernetesClients,
    nats: NatsConnection,
  ) {
    this.#options = options;
    this.#clients = clients;
    this.#pods = clients.of(PODS);
    this.#nats = nats;
  }

  static async start(options: SimulationOptions): Promise<SimulatedTrainers> {
    const clients = createKubernetesClients({
      kubeConfig: loadKubeConfig({ file: options.kubeconfig }),
      product: { name: 'simulated-trainers', version: '0' },
      clock: systemClock,
      qps: 2_000,
      burst: 4_000,
      random: Math.random,
    });
    const nats = await connectInBackground({
      url: options.nats,
      name: 'simulated trainers',
      inboxPrefix: '_INBOX',
      log: () => {},
    });
    const trainers = new SimulatedTrainers(options, clients, nats);
    trainers.#watch();
    return trainers;
  }

  #watch(): void {
    const informer = new Informer<Pod>({
      kind: PODS,
      reader: this.#pods,
      namespace: this.#options.namespace,
      clock: systemClock,
      logger: silentLogger,
      random: Math.random,
    });
    informer.addHandler(({ type, object }) => {
      if (type === 'added') this.#options.onPod?.(systemClock.monotonic());
      const isGone = type === 'deleted' || object.metadata.deletionTimestamp !== undefined;
      if (isGone) this.#gone.add(object.metadata.uid);
      // A kubelet says how it ended before it goes, and who has a finalizer on it waits for that.
      const isKept = (object.metadata.finalizers?.length ?? 0) > 0 && type !== 'deleted';
      if (isGone && isKept && object.status?.phase === 'Running')
        void this.#end(object, EXIT.interrupted);
      if (isGone || object.status?.phase === 'Failed') this.#loseTo(object, informer.cache.list());
      this.#see(object);
    });
    this.#informing = informer.run(this.#stop.signal);
  }

  #see(pod: Live<Pod>): void {
    const { uid, deletionTimestamp } = pod.metadata;
    const assignment = assignmentOf(pod);
    const runs = this.#options.playKubelet || pod.status?.phase === 'Running';
    if (assignment === undefined || !runs) return;
    if (deletionTimestamp !== undefined || this.#seen.has(uid)) return;
    this.#seen.add(uid);
    const { trial } = assignment;
    this.attempts.set(trial, (this.attempts.get(trial) ?? 0) + 1);
    const work = this.#train(pod, assignment)
      .catch(() => undefined)
      .finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  /** The other workers of its attempt find that it is lost. */
  #loseTo(lost: Live<Pod>, pods: readonly Live<Pod>[]): void {
    const crew = groupOf(lost.metadata)?.name;
    const { uid } = lost.metadata;
    this.#gone.add(uid);
    for (const pod of pods) {
      const isIn = crew !== undefined && groupOf(pod.metadata)?.name === crew;
      if (!isIn || this.#gone.has(pod.metadata.uid) || !this.#seen.has(pod.metadata.uid)) continue;
      this.#gone.add(pod.metadata.uid);
      void this.#end(pod, EXIT.peerLost);
    }
  }

  /** The machine is gone: nothing that trains on it says another word. */
  loseNode(name: string): void {
    this.#lost.add(name);
  }

  /** Whatever trains on the node from now on ends with exit code 1. */
  breakNode(name: string): void {
    this.#broken.add(name);
  }

  mendNode(name: string): void {
    this.#broken.delete(name);
  }

  async #train(pod: Live<Pod>, assignment: Assignment): Promise<void> {
    const { behaviour, seed } = this.#options;
    const random = Random.fromSeed(seed).split(pod.metadata.name);
    await this.#sleep(await behaviour.trainMs(random));
    const { uid } = pod.metadata;
    if (this.#gone.has(uid) || this.#lost.has(pod.spec.nodeName ?? '')) return;
    if (this.#broken.has(pod.spec.nodeName ?? '')) return this.#end(pod, 1);
    if (assignment.rank > 0) return this.#end(pod);
    if (random.uniform() < (behaviour.lies ?? 0))
      for (const { subject, data } of lies(assignment, random)) this.#nats.publish(subject, data);
    const endsFirst = random.uniform() < (behaviour.endsFirst ?? 0);
    if (endsFirst) await this.#end(pod);
    await this.#report(assignment);
    if (!endsFirst) await this.#end(pod);
    const { chance = 0, withinMs = 0 } = behaviour.repeats ?? {};
    if (random.uniform() >= chance) return;
    await this.#sleep(random.uniform() * withinMs);
    await this.#publish(assignment, `again-${random.uniform()}`);
  }

  async #report(assignment: Assignment): Promise<void> {
    const { trial, attempt } = assignment;
    while (!this.#stop.signal.aborted) {
      const sentAt = systemClock.monotonic();
      try {
        await this.#publish(assignment, `${trial}/${attempt}/0`);
        this.#options.onResult?.(trial, systemClock.monotonic(), sentAt);
        return;
      } catch {
        await this.#sleep(200);
      }
    }
  }

  async #publish({ subject, ...of }: Assignment, msgID: string): Promise<void> {
    const data = JSON.stringify(resultOf(of));
    await jetstream(this.#nats).publish(`${subject}.result`, data, { msgID, timeout: 2_000 });
  }

  /** As the kubelet of the Pod's node says it. */
  async #end(pod: Live<Pod>, exitCode = 0): Promise<void> {
    const finishedAt = new Date().toISOString();
    const started = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? finishedAt;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    const terminated = { exitCode, reason, startedAt: started, finishedAt };
    const status = { name: 'trainer', ready: false, restartCount: 0, image: 'none', imageID: '' };
    await this.#pods
      .patchStatus(keyOf(pod), {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [{ ...status, state: { terminated } }],
      } as never)
      .catch(() => undefined);
  }

  async #sleep(ms: number): Promise<void> {
    await systemClock.sleep(ms, this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#informing;
    await Promise.all(this.#work);
    await this.#nats.close();
    await this.#clients.close();
  }
}

function assignmentOf(pod: Pod): Assignment | undefined {
  const container = (pod.spec as { containers?: { env?: { name: string; value?: string }[] }[] })
    .containers?.[0];
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  const { BIONAS_TRIAL: text, BIONAS_SUBJECT: subject, BIONAS_ATTEMPT: attempt } = env;
  if (text === undefined || subject === undefined) return undefined;
  const { metadata, spec } = JSON.parse(text);
  const { genotype, fidelity } = spec;
  const { epochs } = fidelity;
  const rank = Number(env['BIONAS_RANK'] ?? 0);
  return { trial: metadata.uid, genotype, epochs, attempt: Number(attempt), subject, rank };
}

function resultOf({ trial, genotype, epochs, attempt }: Omit<Assignment, 'subject'>): Report {
  const accuracy = hashScore(genotype);
  const result = {
    ...makeResult({ accuracy, seconds: 0 }),
    epochs: makeEpochs(epochs, accuracy),
    ...(isSupernetText(genotype) ? { supernet: derivedOf(genotype, epochs) } : {}),
  };
  return { trial, attempt, sequence: 0, body: { kind: 'result', result } };
}

/** A supernet may derive anything; another network for each. */
const derivedOf = (text: string, epoch: number): TrialResult['supernet'] => ({
  genotype: [LR_NAS1, BIODARTS][Math.floor(2 * hashScore(text))] ?? LR_NAS1,
  epoch,
  parameters: 100_000,
});
