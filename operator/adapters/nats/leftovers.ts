// What searches keep on NATS besides messages on their way: their history, and a bucket of checkpoints and artifacts.
// Reports need no sweep: those of a trial that is gone are acknowledged, and so removed, as they are refused.
import type { Leftovers } from '../../reconcilers/index.ts';
import { unlessMissing } from './answers.ts';
import type { NatsLedger } from './ledger.ts';
import type { NatsLink } from './link.ts';
import { managerOf } from './streams.ts';
import { bucketStreamOf, searchOfBucketStream } from './subjects.ts';

export interface NatsLeftoversOptions {
  readonly link: NatsLink;
  readonly ledger: Pick<NatsLedger, 'forget' | 'searches'>;
}

export class NatsLeftovers implements Leftovers {
  readonly #options: NatsLeftoversOptions;

  constructor(options: NatsLeftoversOptions) {
    this.#options = options;
  }

  /** The ledger goes last: a search that is half forgotten is listed still. */
  async forget(search: string): Promise<void> {
    const { link, ledger } = this.#options;
    const { streams } = await managerOf(link.connection);
    await link.whileUp(streams.delete(bucketStreamOf(search)).catch(unlessMissing));
    await ledger.forget(search);
  }

  /** Ask this before you list the searches that live: one that begins in between is then not taken for a dead one. */
  async searches(): Promise<string[]> {
    const { link, ledger } = this.#options;
    const buckets = await link.whileUp(this.#buckets());
    return [...new Set([...buckets, ...(await ledger.searches())])];
  }

  async #buckets(): Promise<string[]> {
    const { streams } = await managerOf(this.#options.link.connection);
    const found: string[] = [];
    for await (const name of streams.names()) {
      const search = searchOfBucketStream(name);
      if (search !== undefined) found.push(search);
    }
    return found;
  }
}
