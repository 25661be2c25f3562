// A fresh cluster with fake nodes, an operator and a driver, each its own process, for one case; what they use; and its end.
import {
  type ControlPlane,
  type OperatorProcess,
  startControlPlane,
  startKwok,
  startNats,
  startOperator,
} from '../../scripts/cluster/index.ts';
import { AUDIT_FLAGS } from './audit-log.ts';
import { Driver, type Range } from './driver-process.ts';
import { memoryOf, type Usage, usageOf } from './processes.ts';

export interface RoomOptions {
  /** Fake nodes of eight GPUs; a trial takes one. */
  readonly nodes: number;
  readonly trainMs: Range;
  /** Whether the API server notes who writes what. */
  readonly audit: boolean;
  /** Flags of the operator's Node. */
  readonly nodeFlags: readonly string[];
  /** false: fake nodes say once that they are ready, and nobody takes them for dead. */
  readonly heartbeats?: boolean | undefined;
  /** true: trainers wait until the driver lets them go. */
  readonly held?: boolean | undefined;
}

const UNWATCHED = ['--node-monitor-grace-period=24h'];

type Part = 'plane' | 'nats' | 'kwok' | 'driver';
interface Stoppable {
  readonly pid?: number | undefined;
  stop(): Promise<void>;
}

const OPERATOR_FLAGS = ['--qps=1000', '--burst=2000', '--no-leader-elect'];

export class Room {
  readonly plane: ControlPlane;
  readonly driver: Driver;
  readonly #options: RoomOptions;
  readonly #parts: Map<Part, Stoppable>;
  readonly #natsUrl: string;
  #operator: OperatorProcess | undefined;

  private constructor(
    { plane, driver, natsUrl }: { plane: ControlPlane; driver: Driver; natsUrl: string },
    parts: Map<Part, Stoppable>,
    options: RoomOptions,
  ) {
    this.plane = plane;
    this.driver = driver;
    this.#natsUrl = natsUrl;
    this.#parts = parts;
    this.#options = options;
  }

  /** Everything but the operator. */
  static async start(options: RoomOptions): Promise<Room> {
    const parts = new Map<Part, Stoppable>();
    try {
      const nats = await startNats();
      parts.set('nats', nats);
      const plane = await startControlPlane({
        flags: {
          'kube-apiserver': options.audit ? AUDIT_FLAGS : [],
          'kube-controller-manager': options.heartbeats === false ? UNWATCHED : [],
        },
      });
      parts.set('plane', plane);
      const { kubeconfig } = plane;
      const { nodes, heartbeats, trainMs, held } = options;
      parts.set('kwok', await startKwok({ kubeconfig, nodes, heartbeats }));
      const driver = await Driver.start({ kubeconfig, nats: nats.url, trainMs, held });
      parts.set('driver', driver);
      return new Room({ plane, driver, natsUrl: nats.url }, parts, options);
    } catch (error) {
      await stopAll(parts);
      throw error;
    }
  }

  /** Runs from here on. */
  async startOperator(): Promise<OperatorProcess> {
    const { nodeFlags } = this.#options;
    const { kubeconfig } = this.plane;
    const places = { kubeconfig, nats: this.#natsUrl };
    this.#operator = await startOperator({ ...places, flags: OPERATOR_FLAGS, nodeFlags });
    return this.#operator;
  }

  get operator(): OperatorProcess {
    if (this.#operator === undefined) throw new Error('the operator was not started');
    return this.#operator;
  }

  /** CPU by process, up to now; `bench` is this one. */
  usage(): Usage {
    return usageOf(this.#pids());
  }

  /** Resident megabytes by process, now. */
  memory(): Readonly<Record<string, number>> {
    const of = Object.entries(this.#pids()).map(([name, pid]) => [
      name,
      Math.round(memoryOf(pid).nowMegabytes),
    ]);
    return Object.fromEntries(of);
  }

  #pids(): Readonly<Record<string, number>> {
    return {
      ...(this.#operator && { operator: this.#operator.pid }),
      ...this.plane.pids,
      nats: this.#parts.get('nats')?.pid ?? 0,
      kwok: this.#parts.get('kwok')?.pid ?? 0,
      driver: this.driver.pid,
      bench: process.pid,
    };
  }

  /** The operator first, so that it ends in peace and leaves its profile. */
  async stop(): Promise<void> {
    await this.#operator?.terminate();
    await this.#operator?.stop();
    await stopAll(this.#parts);
  }
}

async function stopAll(parts: Map<Part, Stoppable>): Promise<void> {
  for (const part of [...parts.values()].reverse()) await part.stop();
  parts.clear();
}
