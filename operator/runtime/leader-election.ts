// One leader among candidates, by a Lease, after client-go's leaderelection. A candidate takes a lease over when it has not
// seen it change for the lease's duration; a holder considers itself one for a shorter time after it sent its last successful
// write. Both count on their own monotonic clock, so clocks need not agree, only run at about the same speed.
import type { Clock } from './clock.ts';
import { withinDeadline } from './deadline.ts';
import { claimed, LEASE, type Lease, released } from './lease.ts';
import { keyText, type Live, type ObjectKey } from './object.ts';
import type { ObjectClient } from './object-client.ts';
import { AlreadyExistsError, ConflictError, NotFoundError } from './object-errors.ts';
import { type Logger, type Metrics, noMetrics } from './observability.ts';

export interface LeaderElectorOptions {
  /** Not one whose writes ask this elector first. Best with connections of its own, so that no flood holds up a renewal. */
  readonly client: Pick<ObjectClient<Lease>, 'get' | 'create' | 'patch'>;
  readonly lease: ObjectKey;
  /** Of this process alone: another one's, even one of an earlier run of the same Pod, would be taken for its own. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  /** In [0, 1): spreads candidates. */
  readonly random: () => number;
  /** How long others leave a lease alone that is not renewed; 15 s by default. */
  readonly leaseDurationMs?: number | undefined;
  /** How long a holder counts on a lease that it cannot renew; 10 s by default. What is left to the duration is for writes under way. */
  readonly renewDeadlineMs?: number | undefined;
  /** From one try to the next; 2 s by default. */
  readonly retryPeriodMs?: number | undefined;
}

/** The lease is not held (any more): nothing may be written in its name. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}

interface Sighting {
  readonly lease: Live<Lease>;
  /** Monotonic ms when it was first seen like this. */
  readonly at: number;
}

export class LeaderElector {
  readonly name: string;
  readonly #options: LeaderElectorOptions;
  readonly #durationMs: number;
  readonly #renewMs: number;
  readonly #retryMs: number;
  readonly #logger: Logger;
  #seen: Sighting | undefined;
  /** As this process last wrote it; to be renewed without reading it first. */
  #own: Live<Lease> | undefined;
  /** Monotonic ms. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #epoch: number | undefined;
  #tries = 0;
  /** Rises when the lease is given back: a write that was sent before then, and ends later, no longer counts. */
  #releases = 0;

  constructor(options: LeaderElectorOptions) {
    const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options;
    if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs * 1.2)) {
      throw new RangeError(
        `leader election: expected leaseDurationMs > renewDeadlineMs > 1.2 retryPeriodMs, got ${leaseDurationMs}, ${renewDeadlineMs}, ${retryPeriodMs}`,
      );
    }
    this.name = `leader election ${keyText(options.lease)}`;
    this.#options = options;
    this.#durationMs = leaseDurationMs;
    this.#renewMs = renewDeadlineMs;
    this.#retryMs = retryPeriodMs;
    this.#logger = options.logger.with({ lease: keyText(options.lease) });
  }

  /** Whether this process may act as the leader, now. False after a pause that outlived the lease, before anything else runs. */
  isHeld(): boolean {
    return this.#options.clock.monotonic() < this.#heldUntil;
  }

  /** To be called right before each write. @throws LeadershipLostError */
  assertHeld(): void {
    if (this.isHeld()) return;
    throw new LeadershipLostError(`${this.name}: not the leader; this write was not sent`);
  }

  /** leaseTransitions of the term: each leader's is higher than those before it. undefined before the first term. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /**
   * Waits for the lease, then does `work` while it holds it, and gives it back when `work` has ended. The signal of `work`
   * aborts with `signal`, or with a LeadershipLostError; the lease is renewed until `work` has ended in either case.
   * @throws LeadershipLostError when the lease was lost.
   */
  async lead(work: (leading: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    this.#gaugeLeading(0);
    if (!(await this.#acquire(signal))) return;
    const lost = new AbortController();
    const ended = new AbortController();
    const renewing = this.#renewUntil(ended.signal).catch((error) => lost.abort(error));
    this.#tellLeading(1);
    try {
      if (!signal.aborted) await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      ended.abort();
      await renewing;
      await this.#release();
      this.#tellLeading(0);
    }
    if (!signal.aborted) lost.signal.throwIfAborted();
  }

  /** false when asked to stop before. */
  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, random } = this.#options;
    let isFailing = false;
    while (!signal.aborted) {
      try {
        const reason = `${this.name}: taking the lease`;
        if (await withinDeadline({ clock, ms: this.#renewMs / 2, reason }, this.#try()))
          return true;
        isFailing = false;
      } catch (error) {
        // Once an outage: a candidate tries every other second.
        if (!isFailing) this.#logger.error('Lease out of reach, trying again', { error });
        isFailing = true;
      }
      const pause = this.#retryMs * (1 + random() / 5);
      await clock.sleep(Math.min(pause, this.#untilFree() || pause), signal).catch(() => {});
    }
    return false;
  }

  /** @throws LeadershipLostError */
  async #renewUntil(ended: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    let cause: unknown;
    const left = () => Math.max(0, this.#heldUntil - clock.monotonic());
    for (;;) {
      await clock.sleep(Math.min(this.#retryMs, left()), ended).catch(() => {});
      if (ended.aborted) return;
      try {
        const deadline = {
          clock,
          ms: Math.min(this.#renewMs / 2, left()),
          reason: `${this.name}: renewing the lease`,
        };
        if (this.isHeld()) await withinDeadline(deadline, this.#try());
      } catch (error) {
        cause = error;
        this.#logger.error('Lease not renewed', { error });
      }
      if (this.isHeld()) continue;
      const why = 'another took the lease, or it could not be renewed in time';
      throw new LeadershipLostError(`${this.name}: ${why}`, { cause });
    }
  }

  /** Takes or renews the lease, if it may; whether it is held after that. A try that was given up may still end. */
  async #try(): Promise<boolean> {
    this.#tries += 1;
    const turn = this.#tries;
    try {
      if (this.#own !== undefined) return await this.#claim(this.#own);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
    this.#own = undefined;
    const lease = await this.#read();
    if (turn !== this.#tries) return this.isHeld();
    if (lease?.spec?.holderIdentity !== this.#options.identity) this.#drop();
    if (this.#untilFree() > 0) return false;
    try {
      return await this.#claim(lease);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      return this.isHeld();
    }
  }

  async #read(): Promise<Live<Lease> | undefined> {
    try {
      const lease = await this.#options.client.get(this.#options.lease);
      this.#see(lease);
      return lease;
    } catch (error) {
      // One that was there and was removed is waited out as if it still were: its holder may not know.
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async #claim(lease: Live<Lease> | undefined): Promise<boolean> {
    const { client, clock, identity, lease: key } = this.#options;
    const start = clock.monotonic();
    const releases = this.#releases;
    const durationSeconds = Math.ceil(this.#durationMs / 1000);
    const before = (lease ?? this.#seen?.lease)?.spec;
    const spec = claimed(before, { identity, durationSeconds, now: clock.now() });
    const { apiVersion, kind } = LEASE;
    const written = await (lease === undefined
      ? client.create({ apiVersion, kind, metadata: { ...key }, spec })
      : client.patch(key, { spec }, { resourceVersion: lease.metadata.resourceVersion }));
    if (releases !== this.#releases) return this.isHeld();
    this.#own = written;
    this.#see(written);
    this.#epoch = spec.leaseTransitions;
    this.#heldUntil = Math.max(this.#heldUntil, start + this.#renewMs);
    return this.isHeld();
  }

  async #release(): Promise<void> {
    this.#releases += 1;
    if (!this.isHeld()) return;
    this.#drop();
    const { client, clock, identity, lease: key } = this.#options;
    const giveBack = async (): Promise<void> => {
      const lease = await this.#read();
      if (lease?.spec?.holderIdentity !== identity) return;
      const { resourceVersion } = lease.metadata;
      await client.patch(key, { spec: released(clock.now()) }, { resourceVersion });
    };
    try {
      const reason = `${this.name}: giving the lease back`;
      await withinDeadline({ clock, ms: this.#retryMs, reason }, giveBack());
    } catch (error) {
      this.#logger.error('Lease not given back, others must wait it out', { error });
    }
  }

  #drop(): void {
    this.#own = undefined;
    this.#heldUntil = Number.NEGATIVE_INFINITY;
  }

  #see(lease: Live<Lease>): void {
    if (this.#seen?.lease.metadata.resourceVersion === lease.metadata.resourceVersion) return;
    const [before, now] = [this.#seen?.lease, lease].map((l) => l?.spec?.holderIdentity);
    if (before !== now) this.#logger.info('Lease changed hands', { holder: now, before });
    this.#seen = { lease, at: this.#options.clock.monotonic() };
  }

  /** Ms for which the lease, as last seen, is another's. */
  #untilFree(): number {
    const { clock, identity } = this.#options;
    const { lease, at } = this.#seen ?? {};
    const { holderIdentity: holder, leaseDurationSeconds: seconds } = lease?.spec ?? {};
    if (at === undefined || !holder || holder === identity) return 0;
    const durationMs = seconds === undefined ? this.#durationMs : seconds * 1000;
    return Math.max(0, at + durationMs - clock.monotonic());
  }

  #tellLeading(value: 0 | 1): void {
    this.#gaugeLeading(value);
    this.#logger.info(value === 1 ? 'Leading' : 'Not leading any more', { epoch: this.#epoch });
  }

  #gaugeLeading(value: 0 | 1): void {
    const { metrics = noMetrics, lease } = this.#options;
    metrics.gauge('leader_election_leading', value, { lease: keyText(lease) });
  }
}

/** Someone else wrote, made or removed the lease meanwhile. */
function isOvertaken(error: unknown): boolean {
  return (
    error instanceof ConflictError ||
    error instanceof AlreadyExistsError ||
    error instanceof NotFoundError
  );
}
