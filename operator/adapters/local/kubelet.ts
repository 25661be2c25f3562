// Runs the pods of the object store as child processes on this machine, a bounded number at a time, in order of creation; those of
// a group all at once, in one slot.
// What a process says on its IPC channel goes to the bus. When the kubelet stops, no process is left.
import {
  aborted,
  type CacheChange,
  type Clock,
  Informer,
  keyOf,
  keyText,
  type Live,
  type Logger,
  type ObjectClient,
  type ObjectClients,
  type Runnable,
  withinDeadline,
} from '../../runtime/index.ts';
import { freePorts } from './free-ports.ts';
import { graceSecondsOf, hasEnded, POD, type Pod } from './pod.ts';
import { type CommandOptions, podEnv } from './pod-command.ts';
import { PodRun, type PodRunOptions } from './pod-run.ts';

export interface KubeletOptions extends CommandOptions {
  readonly clients: ObjectClients;
  /** Pods and groups that run at the same time; the others stay Pending. */
  readonly slots: number;
  /** The group of a pod, and how many are in it; undefined where it is alone. */
  readonly groupOf?: ((pod: Pod) => PodGroup | undefined) | undefined;
  /** The env variable that gives each of a group as many host:port as there are, with commas between. */
  readonly peersVariable?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** The pod's env variable that names the subject of its messages. */
  readonly subjectVariable: string;
  readonly publish: (subject: string, message: unknown) => void;
  /** Processes that the kernel has killed for memory so far; see oom-kills.ts. */
  readonly oomKills: () => Promise<number | undefined>;
  /** When the kubelet stops, pods get at most this long after SIGTERM; 10 s by default. */
  readonly stopTimeoutMs?: number | undefined;
}

export interface PodGroup {
  readonly name: string;
  readonly size: number;
}

interface Running {
  readonly pod: Pod;
  readonly slot: string;
  readonly run: PodRun;
  readonly done: Promise<void>;
}

/** After SIGKILL a process ends at once, unless the kernel holds it. */
const KILL_MS = 5_000;

export class Kubelet implements Runnable {
  readonly name = 'kubelet';
  readonly #options: KubeletOptions;
  readonly #pods: ObjectClient<Pod>;
  readonly #informer: Informer<Pod>;
  /** By uid. */
  readonly #runs = new Map<string, Running>();
  /** Uids ever taken on: the cache may lag behind what a run has written. */
  readonly #taken = new Set<string>();
  #stopping = false;

  constructor(options: KubeletOptions) {
    const { clients, clock, logger, random } = options;
    this.#options = options;
    this.#pods = clients.of(POD);
    this.#informer = new Informer({ kind: POD, reader: this.#pods, clock, logger, random });
  }

  /** Runs pods until the signal aborts, then ends them all: SIGTERM, SIGKILL at the deadline. */
  async run(signal: AbortSignal): Promise<void> {
    const informing = new AbortController();
    this.#informer.addHandler((change) => this.#changed(change));
    const informed = this.#informer.run(informing.signal);
    await aborted(signal);
    await this.#stop();
    informing.abort();
    await informed;
  }

  /** SIGKILL to every process, at once: for the last moment of a process that cannot wait for `run`. */
  killAll(): void {
    for (const { run } of this.#runs.values()) run.kill();
  }

  #changed({ type, object: pod }: CacheChange<Pod>): void {
    const { uid, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    const graceSeconds = deletionGracePeriodSeconds ?? graceSecondsOf(pod);
    if (type === 'deleted') this.#taken.delete(uid);
    if (type === 'deleted' || deletionTimestamp !== undefined) {
      this.#runs.get(uid)?.run.terminate(graceSeconds * 1000);
    }
    this.#fillSlots();
  }

  /** The cache lists pods in the order of their creation. */
  #fillSlots(): void {
    const waiting = this.#informer.cache.list().filter((pod) => this.#isWaiting(pod));
    const slots = Map.groupBy(waiting, (pod) => this.#slotOf(pod));
    for (const [slot, pods] of slots) {
      const taken = new Set([...this.#runs.values()].map((running) => running.slot));
      if (this.#stopping || taken.size >= this.#options.slots) return;
      const size = this.#groupOf(pods[0])?.size ?? 1;
      if (pods.length === size) this.#startAll(slot, pods);
    }
  }

  #groupOf(pod: Pod | undefined): PodGroup | undefined {
    return pod && this.#options.groupOf?.(pod);
  }

  #slotOf(pod: Live<Pod>): string {
    return this.#groupOf(pod)?.name ?? pod.metadata.uid;
  }

  #startAll(slot: string, pods: readonly Live<Pod>[]): void {
    const { peersVariable } = this.#options;
    const isGroup = pods.length > 1 && peersVariable !== undefined;
    const peers = isGroup ? peersOnLoopback(peersVariable, pods.length) : Promise.resolve({});
    for (const pod of pods) this.#start(pod, slot, peers);
  }

  #isWaiting(pod: Live<Pod>): boolean {
    const { uid, deletionTimestamp } = pod.metadata;
    return !this.#taken.has(uid) && deletionTimestamp === undefined && !hasEnded(pod);
  }

  #start(pod: Live<Pod>, slot: string, peers: PodRunOptions['peers']): void {
    const { uid } = pod.metadata;
    const logger = this.#options.logger.with({ pod: keyText(keyOf(pod)) });
    const run = new PodRun(pod, {
      ...this.#options,
      pods: this.#pods,
      peers,
      logger,
      onMessage: (sender, message) => this.#publish(sender, message, logger),
    });
    this.#taken.add(uid);
    const done = run.run().finally(() => {
      this.#runs.delete(uid);
      this.#fillSlots();
    });
    this.#runs.set(uid, { pod, slot, run, done });
  }

  #publish(pod: Pod, message: unknown, logger: Logger): void {
    const { subjectVariable, publish } = this.#options;
    const subject = podEnv(pod)[subjectVariable];
    try {
      if (subject !== undefined) publish(subject, message);
      else logger.info('Dropping a message: the pod names no subject', { subjectVariable });
    } catch (error) {
      logger.error('Message of a pod is lost', { error });
    }
  }

  async #stop(): Promise<void> {
    const { clock, logger, stopTimeoutMs = 10_000 } = this.#options;
    this.#stopping = true;
    for (const { run, pod } of this.#runs.values()) {
      const graceMs = Math.min(stopTimeoutMs, graceSecondsOf(pod) * 1000);
      run.terminate(graceMs, { disruption: true });
    }
    const ended = Promise.all([...this.#runs.values()].map(({ done }) => done));
    const deadline = { clock, ms: stopTimeoutMs + KILL_MS, reason: 'pods ending' };
    await withinDeadline(deadline, ended).catch((error: unknown) => {
      logger.error('Pods outlived SIGKILL', { count: this.#runs.size, error });
      throw error;
    });
  }
}

async function peersOnLoopback(variable: string, count: number): Promise<Record<string, string>> {
  const ports = await freePorts(count);
  return { [variable]: ports.map((port) => `127.0.0.1:${port}`).join(',') };
}
