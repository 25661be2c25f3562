// Candidates for one Lease on an API server that a test can slow down, cut off or hurry; each with a clock of its own.
import { isDeepStrictEqual } from 'node:util';
import {
  AlreadyExistsError,
  type Clock,
  ConflictError,
  LeaderElector,
  type LeaderElectorOptions,
  type Lease,
  type Live,
  type Logger,
  type MergePatch,
  NotFoundError,
  type ObjectKey,
  type Preconditions,
} from '../../../operator/runtime/index.ts';
import type { FakeClock } from './fake-clock.ts';

export const KEY = { namespace: 'system', name: 'operator' };

/** The one Lease, as the server has it. */
export class LeaseServer {
  lease: Live<Lease> | undefined;
  /** Every spec that was written, with the time of it. */
  readonly writes: { readonly at: number; readonly spec: Lease['spec'] }[] = [];
  readonly #clock: Clock;
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(): Live<Lease> {
    if (this.lease === undefined) throw new NotFoundError('Lease');
    return this.lease;
  }

  create(lease: Lease): Live<Lease> {
    if (this.lease !== undefined) throw new AlreadyExistsError('Lease');
    return this.#write(lease);
  }

  patch({ spec, metadata }: MergePatch<Lease>, { resourceVersion }: Preconditions): Live<Lease> {
    const lease = this.get();
    if (resourceVersion !== undefined && resourceVersion !== lease.metadata.resourceVersion)
      throw new ConflictError('Lease');
    const merged = { ...lease.metadata, ...metadata };
    const next = { ...lease, metadata: merged, spec: { ...lease.spec, ...spec } };
    // A patch that changes nothing writes nothing.
    return isDeepStrictEqual(next, lease) ? lease : this.#write(next as Lease);
  }

  #write(lease: Lease): Live<Lease> {
    this.#version += 1;
    const resourceVersion = String(this.#version);
    const identity = { uid: 'uid', resourceVersion, creationTimestamp: '2030-01-01T00:00:00Z' };
    this.lease = { ...lease, metadata: { ...lease.metadata, ...identity } };
    this.writes.push({ at: this.#clock.monotonic(), spec: lease.spec });
    return this.lease;
  }
}

/** Ms to the server and back. Infinity: it never gets there. */
export interface Trip {
  readonly there: number;
  readonly back: number;
}

export interface CandidateOptions extends Partial<LeaderElectorOptions> {
  readonly identity: string;
  /** Ms by which its wall clock is ahead; 'stopped': it shows one time for ever. */
  readonly skew?: number | 'stopped';
  readonly trip?: () => Trip;
}

export class Candidate {
  readonly elector: LeaderElector;
  readonly lines: string[] = [];
  isWorking = false;
  /** Reason of the end of its last term, if it was lost. */
  lost: unknown;
  readonly #time: FakeClock;
  readonly #stop = new AbortController();
  readonly #trip: () => Trip;
  #paused: PromiseWithResolvers<void> | undefined;
  /** What its work does once asked to stop. */
  leaving: Promise<void> = Promise.resolve();

  constructor(
    time: FakeClock,
    server: LeaseServer,
    { identity, skew = 0, trip = () => ({ there: 0, back: 0 }), ...options }: CandidateOptions,
  ) {
    this.#time = time;
    this.#trip = trip;
    const start = time.now();
    const ahead = skew === 'stopped' ? 0 : skew;
    const clock: Clock = {
      now: () => (skew === 'stopped' ? start : time.now() + ahead),
      monotonic: () => time.monotonic() + ahead,
      sleep: (ms, signal) => this.#awake(time.sleep(ms, signal)),
    };
    const note = (message: string) => this.lines.push(message);
    const logger: Logger = { info: note, error: note, with: () => logger };
    this.elector = new LeaderElector({
      client: {
        get: () => this.#call(() => server.get()),
        create: (lease) => this.#call(() => server.create(lease)),
        patch: (_: ObjectKey, patch, conditions = {}) =>
          this.#call(() => server.patch(patch, conditions)),
      },
      lease: KEY,
      identity,
      clock,
      logger,
      random: () => 0.5,
      ...options,
    });
  }

  /** Leads whenever it can; ends when it is stopped or has lost the lease. */
  run(): Promise<void> {
    const work = async (leading: AbortSignal): Promise<void> => {
      this.isWorking = true;
      await new Promise((resolve) => leading.addEventListener('abort', resolve));
      await this.leaving;
      this.isWorking = false;
    };
    return this.elector.lead(work, this.#stop.signal).catch((error) => {
      this.lost = error;
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  /** SIGSTOP: nothing of it runs; time goes on. What it has sent is under way. */
  pause(): void {
    this.#paused ??= Promise.withResolvers();
  }

  /** SIGCONT. */
  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  async #awake<R>(waited: Promise<R>): Promise<R> {
    try {
      return await waited;
    } finally {
      await this.#paused?.promise;
    }
  }

  async #call(effect: () => Live<Lease>): Promise<Live<Lease>> {
    const { there, back } = this.#trip();
    const travel = async (): Promise<Live<Lease>> => {
      await (there === Number.POSITIVE_INFINITY ? new Promise(() => {}) : this.#take(there));
      try {
        return effect();
      } finally {
        await this.#take(back);
      }
    };
    return this.#awake(travel());
  }

  async #take(ms: number): Promise<void> {
    if (ms > 0) await this.#time.sleep(ms);
  }
}
