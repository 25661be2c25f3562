// A machine for tests: a kubelet with a memory of its own, pods that run JavaScript texts, and what became of them.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  type Container,
  Kubelet,
  LocalBus,
  ObjectStore,
  POD,
  type Pod,
  STORED_POD,
} from '../../../../operator/adapters/local/index.ts';
import {
  type Live,
  NotFoundError,
  type ObjectClient,
  type ObjectClients,
  silentLogger,
  systemClock,
  type WatchOptions,
} from '../../../../operator/runtime/index.ts';
import { eventually } from '../../runtime/eventually.ts';

/** Says its pid and never ends; SIGTERM ends it. */
export const FOREVER = 'console.log(process.pid); setInterval(() => {}, 1000);';
/** Ends on SIGTERM by saying so, with exit code 75. */
export const POLITE = `process.on('SIGTERM', () => { console.log('bye'); process.exit(75); }); ${FOREVER}`;
/** Does not end on SIGTERM. */
export const STUBBORN = `process.on('SIGTERM', () => console.log('no')); ${FOREVER}`;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The same objects, but watches lag behind. */
function lagging(clients: ObjectClients, ms: number): ObjectClients {
  return {
    of(kind) {
      const client = clients.of(kind);
      async function* watch(options: WatchOptions) {
        for await (const event of client.watch(options)) {
          await systemClock.sleep(ms);
          yield event;
        }
      }
      return { ...client, watch };
    },
  };
}

export class LocalNode {
  readonly directory: string;
  readonly pods: ObjectClient<Pod>;
  readonly bus = new LocalBus({ clock: systemClock });
  readonly kubelet: Kubelet;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** What the kernel would count. */
  oomKills = 0;

  private constructor(
    directory: string,
    store: ObjectStore,
    options: { slots: number; stopTimeoutMs: number; lagMs: number },
  ) {
    this.directory = directory;
    this.pods = store.of(POD);
    this.kubelet = new Kubelet({
      ...options,
      clients: options.lagMs > 0 ? lagging(store, options.lagMs) : store,
      clock: systemClock,
      logger: silentLogger,
      random: () => 0.5,
      logFile: ({ metadata }) => join(directory, 'logs', `${metadata.name}.log`),
      env: { PATH: process.env['PATH'] ?? '', BASE: 'from the kubelet' },
      // `pair-a` and `pair-b` belong together, and so on.
      groupOf: ({ metadata: { name } }) =>
        /^pair/.test(name) ? { name: name.slice(0, -2), size: 2 } : undefined,
      peersVariable: 'PEERS',
      subjectVariable: 'SUBJECT',
      publish: (subject, message) => this.bus.publish(subject, message),
      oomKills: async () => this.oomKills,
    });
    this.#running = this.kubelet.run(this.#stop.signal);
  }

  static async start({ slots = 2, stopTimeoutMs = 5000, lagMs = 0 } = {}): Promise<LocalNode> {
    const directory = await mkdtemp(join(tmpdir(), 'kubelet-'));
    let uid = 0;
    const store = await ObjectStore.open({
      directory: join(directory, 'objects'),
      kinds: [STORED_POD],
      clock: systemClock,
      newUid: () => `uid-${uid++}`,
      logger: silentLogger,
    });
    return new LocalNode(directory, store, { slots, stopTimeoutMs, lagMs });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Makes a pod that runs a JavaScript text. */
  async run(
    name: string,
    script: string,
    { grace = 5, ...container }: Partial<Container> & { grace?: number } = {},
  ): Promise<void> {
    const command = [process.execPath, '-e', script];
    const env = [{ name: 'SUBJECT', value: `reports.${name}` }];
    await this.pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: {
        containers: [{ name: 'main', command, env, ...container }],
        terminationGracePeriodSeconds: grace,
      },
    });
  }

  get(name: string): Promise<Live<Pod>> {
    return this.pods.get({ namespace: 'default', name });
  }

  remove(name: string, options = {}): Promise<void> {
    return this.pods.delete({ namespace: 'default', name }, options);
  }

  log(name: string): Promise<string> {
    return readFile(join(this.directory, 'logs', `${name}.log`), 'utf8');
  }

  async phase(name: string): Promise<string> {
    return (await this.get(name)).status?.phase ?? 'Pending';
  }

  async expectPhase(name: string, want: string): Promise<void> {
    await eventually(async () => expect(await this.phase(name)).toBe(want));
  }

  async expectGone(name: string): Promise<void> {
    await eventually(() => expect(this.get(name)).rejects.toThrow(NotFoundError));
  }

  /** Waits until the script has printed a pid, alone on a line. */
  pidOf(name: string): Promise<number> {
    return eventually(async () => {
      const pid = /^(\d+)$/m.exec(await this.log(name))?.[1];
      expect(pid).toBeDefined();
      return Number(pid);
    });
  }

  /** Waits for the end: the phase together with how the container terminated. */
  endOf(name: string) {
    return eventually(async () => {
      const { status } = await this.get(name);
      expect(['Succeeded', 'Failed']).toContain(status?.phase);
      return { phase: status?.phase, ...status?.containerStatuses?.[0]?.state.terminated };
    });
  }
}
