// A nats-server of a test's own, connections to it, and the adapters on them. All of it ends with the test.
import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import {
  connectNats,
  NatsBus,
  type NatsBusOptions,
  NatsLedger,
  type NatsLedgerOptions,
  NatsLeftovers,
  type NatsLink,
  type NatsOptions,
} from '../../../../operator/adapters/nats/index.ts';
import type { Delivery } from '../../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../../operator/runtime/index.ts';
import { type Nats, startNats } from '../../../../scripts/cluster/index.ts';

const clock = systemClock;
const logger = silentLogger;

export async function startServer(configuration?: string): Promise<Nats> {
  const server = await startNats(configuration === undefined ? {} : { configuration });
  onTestFinished(() => server.stop());
  return server;
}

export async function linkTo(
  { url }: Pick<Nats, 'url'>,
  options: Partial<NatsOptions> = {},
): Promise<NatsLink> {
  const never = new AbortController().signal;
  const link = await connectNats({ url, name: 'a test', clock, logger, ...options }, never);
  onTestFinished(() => link.close());
  return link;
}

export const makeLedger = (link: NatsLink, options: Partial<NatsLedgerOptions> = {}): NatsLedger =>
  new NatsLedger({ link, newToken: randomUUID, clock, logger, ...options });

export const makeLeftovers = (link: NatsLink): NatsLeftovers =>
  new NatsLeftovers({ link, ledger: makeLedger(link) });

/** Counts by the metric's name. */
export class Counts {
  readonly counts = new Map<string, number>();

  count(name: string, _labels = {}, by = 1): void {
    this.counts.set(name, this.of(name) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  gauge(): void {}

  observe(): void {}
}

/** A subscriber of all reports; acknowledges what `acks` says. */
export class Listener {
  readonly bus: NatsBus;
  readonly metrics = new Counts();
  readonly heard: Delivery[] = [];
  readonly #leave = new AbortController();
  readonly ended: Promise<void>;

  constructor(
    link: NatsLink,
    options: Partial<NatsBusOptions> = {},
    acks: (delivery: Delivery) => boolean | Promise<boolean> = () => true,
  ) {
    this.bus = new NatsBus({ link, clock, logger, metrics: this.metrics, ...options });
    this.ended = this.#hear(acks);
    this.ended.catch(() => {});
    onTestFinished(() => this.leave());
  }

  get data(): unknown[] {
    return this.heard.map(({ data }) => data);
  }

  async leave(): Promise<void> {
    this.#leave.abort();
    await this.ended.catch(() => {});
  }

  async #hear(acks: (delivery: Delivery) => boolean | Promise<boolean>): Promise<void> {
    for await (const delivery of this.bus.subscribe('bionas.>', this.#leave.signal)) {
      this.heard.push(delivery);
      if (await acks(delivery)) delivery.ack();
    }
  }
}

/** One after the other, to a search that has no history yet; resolves to the sequence of the last. */
export async function appendAll(
  ledger: NatsLedger,
  search: string,
  records: readonly unknown[],
): Promise<number> {
  let last: number | undefined = 0;
  for (const record of records) last = await ledger.append(search, record, last ?? Number.NaN);
  return last ?? Number.NaN;
}

export async function recordsIn(ledger: NatsLedger, search: string): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const { record } of ledger.read(search)) records.push(record);
  return records;
}
