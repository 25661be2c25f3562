// The door of the trainer's way to NATS. Loaded only where BIONAS_BUS=nats: a trainer on a laptop starts without it.
import { inboxOf } from '../../crds/index.ts';
import { ShelfKeeper } from '../keeping/index.ts';
import type { ReportBus } from '../reporting/index.ts';
import { inPlace, type Keeper } from '../training/index.ts';
import { connectInBackground } from './connection.ts';
import { NatsShelf } from './nats-shelf.ts';
import { Persistence } from './persistence.ts';
import { natsBus } from './report-bus.ts';

export { getObject, putObject } from './object-store.ts';
export { NatsGaveUpError } from './persistence.ts';

export interface NatsOptions {
  readonly url: string;
  readonly credsFile?: string | undefined;
  /** Of a projected token of the Pod; with it, the operator says what this trainer may do, and makes the bucket. */
  readonly tokenFile?: string | undefined;
  /** PEM of the authority of the server's certificate. */
  readonly authority?: string | undefined;
  /** bionas.<namespace>.<search>.<trial uid> */
  readonly subject: string;
  /** Where files are kept; absent: nowhere but on this machine. */
  readonly bucket?: string | undefined;
  /** Copies of it, where the trainer makes it; 1 by default. */
  readonly replicas?: number | undefined;
  /** Which Pod of the trial, from 0. */
  readonly attempt: number;
  /** Which of the trial's workers, from 0. */
  readonly rank?: number | undefined;
  /** W3C Trace Context of the part of the trial that reports. */
  readonly traceparent?: (() => string | undefined) | undefined;
  readonly log: (line: string) => void;
  /** The trainer is asked to end: it answers again at its next attempt. */
  readonly signal: AbortSignal;
  /** The longest outage that is waited for; an hour by default. */
  readonly patienceMs?: number | undefined;
}

/** Connects in the background. `keeper`: of so many versions. */
export function openNats(options: NatsOptions): {
  bus: ReportBus;
  keeper: (keep: number) => Keeper;
} {
  const { subject, bucket, log, rank, traceparent } = options;
  const trial = subject.split('.').at(-1) ?? '';
  const connection = connectInBackground({
    ...options,
    name: `bionas-trainer ${subject}`,
    inboxPrefix: inboxOf(trial),
  });
  const persistence = new Persistence({ ...options, connection });
  const makesBucket = options.tokenFile === undefined;
  return {
    bus: natsBus({ connection, persistence, subject, rank, traceparent }),
    keeper: (keep) => {
      if (bucket === undefined) return inPlace;
      const shelf = new NatsShelf({ ...options, persistence, bucket, trial, keep, makesBucket });
      return new ShelfKeeper(shelf, log);
    },
  };
}
