// Reports between the bus and the Trial's reconcile: parsed once, kept by trial UID, acknowledged after the status is written.
// What cannot be parsed, or speaks for another trial than its subject, is counted and dropped: a liar costs a line of log.
import type { ZodError } from 'zod';
import { Report } from '../../../crds/index.ts';
import type {
  Clock,
  ClockSteps,
  Logger,
  Metrics,
  ObjectKey,
  Runnable,
  Source,
} from '../../runtime/index.ts';
import type { Bus, Delivery } from '../ports.ts';

export interface Delivered {
  readonly report: Report;
  /** Ms since 1970. */
  readonly arrivedMs: number;
  /** Of the span in which it was sent, as its sender says. */
  readonly traceparent?: string | undefined;
  ack(): void;
}

/** Progress on its way to whoever watches; see ReportInboxOptions.watch. */
export type ReportWatcher = (report: Report) => void;

export interface ReportInboxOptions {
  readonly bus: Bus;
  readonly subject: string;
  readonly clock: Clock;
  readonly steps: ClockSteps;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Key of the Trial with this UID, if it is known. */
  readonly keyOf: (uid: string) => ObjectKey | undefined;
  /** Whether every Trial is known by now: from then on one that is not is gone. */
  readonly knowsAll: () => boolean;
  /** Sees every well-formed report, and must not throw. */
  readonly watch?: ReportWatcher;
  /** A result or failure of the trial with this UID has come. */
  readonly arrived?: (trial: string) => void;
  /** Hears of every report that was dropped, and why; must not throw. */
  readonly refused?: (subject: string, why: string) => void;
}

/**
 * The token that names the trial, of `bionas.<namespace>.<search>.<trial uid>`: the one that a trainer cannot choose. A search may
 * be called like somebody else's trial.
 */
const TRIAL_AT = 3;
/** Decisive reports kept for a trial at most. */
const KEPT = 16;
/** Trials of which it is known when they were last heard; the longest silent are forgotten first. */
const HEARD = 100_000;
const SAY_EVERY_MS = 1_000;

export class ReportInbox implements Runnable, Source {
  readonly name = 'report inbox';
  readonly #options: ReportInboxOptions;
  readonly #pending = new Map<string, Delivered[]>();
  readonly #listeners = new Set<(key: ObjectKey) => void>();
  /** Trials by UID, and when they were last heard, in ms since 1970. */
  readonly #heard = new Map<string, number>();
  readonly #sinceMs: number;
  /** Dropped since the last line about them, and when that was (monotonic ms). */
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReportInboxOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.now();
  }

  /** Since when every report has been heard, in ms since 1970: silence before that says nothing. */
  hearingSince(): number {
    const { bus, clock, steps } = this.#options;
    const sinceMs = steps.afterStep(this.#sinceMs);
    if (bus.hearingSince === undefined) return sinceMs;
    return Math.max(sinceMs, steps.afterStep(bus.hearingSince() ?? clock.now()));
  }

  /** When the trial was last heard, or could first have been. */
  heard(uid: string): number {
    return Math.max(this.#options.steps.afterStep(this.#heard.get(uid) ?? 0), this.hearingSince());
  }

  /** The trial has ended: nothing is expected of it any more. */
  forget(uid: string): void {
    this.#heard.delete(uid);
  }

  start(enqueue: (key: ObjectKey) => void): void {
    this.#listeners.add(enqueue);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { bus, subject } = this.#options;
    for await (const delivery of bus.subscribe(subject, signal)) {
      const parsed = Report.safeParse(delivery.data);
      const ack = () => delivery.ack();
      if (!parsed.success) this.#refuse(delivery.subject, whyNot(parsed.error), ack);
      else if (delivery.subject.split('.')[TRIAL_AT] !== parsed.data.trial)
        this.#refuse(delivery.subject, `speaks for trial ${parsed.data.trial}`, ack);
      else this.#accept(parsed.data, delivery);
    }
  }

  /** What waits for this trial, oldest first. */
  pending(uid: string): readonly Delivered[] {
    return this.#pending.get(uid) ?? [];
  }

  /** Acknowledges what has been written. */
  settle(uid: string, done: readonly Delivered[]): void {
    const left = this.pending(uid).filter((delivered) => !done.includes(delivered));
    if (left.length === 0) this.#pending.delete(uid);
    else this.#pending.set(uid, left);
    for (const { ack } of done) ack();
  }

  #accept(report: Report, delivery: Delivery): void {
    const { watch, metrics, arrived, clock } = this.#options;
    const { traceparent } = delivery;
    const ack = () => delivery.ack();
    watch?.(report);
    const { kind } = report.body;
    metrics.count('reports_total', { kind });
    const key = this.#options.keyOf(report.trial);
    const gone = key === undefined && this.#options.knowsAll();
    if (key !== undefined) this.#hear(report.trial);
    const decisive = kind === 'result' || kind === 'failure';
    if (gone || !decisive) {
      // A trial that another operator has just made is not known here yet.
      if (decisive && delivery.again !== undefined) delivery.again();
      else ack();
      return;
    }
    this.#keep({ report, arrivedMs: clock.now(), traceparent, ack });
    arrived?.(report.trial);
    if (key === undefined) return;
    for (const enqueue of this.#listeners) enqueue(key);
  }

  #hear(trial: string): void {
    this.#heard.delete(trial);
    this.#heard.set(trial, this.#options.clock.now());
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > HEARD && oldest !== undefined) this.#heard.delete(oldest);
  }

  /** A result is never pushed out: a trainer that repeats its failures drowns only those. */
  #keep(delivered: Delivered): void {
    const { trial } = delivered.report;
    const waiting = [...this.pending(trial), delivered];
    const failures = waiting.filter(({ report }) => report.body.kind === 'failure');
    const surplus = waiting.length <= KEPT ? undefined : (failures[0] ?? delivered);
    surplus?.ack();
    this.#pending.set(
      trial,
      waiting.filter((each) => each !== surplus),
    );
  }

  /** A flood of bad messages is a line a second. */
  #refuse(subject: string, why: string, ack: () => void): void {
    const { logger, metrics, refused, clock } = this.#options;
    metrics.count('reports_malformed_total');
    refused?.(subject, why);
    ack();
    this.#unsaid += 1;
    if (clock.monotonic() - this.#saidAt < SAY_EVERY_MS) return;
    logger.error('Dropped reports', { count: this.#unsaid, last: subject, why });
    this.#unsaid = 0;
    this.#saidAt = clock.monotonic();
  }
}

const whyNot = ({ issues: [issue] }: ZodError): string =>
  `${issue?.path.join('.') || 'the report'}: ${issue?.message ?? 'is not valid'}`;
