// A shelf in a bucket of S3: `<file>`, and `<file>.1` of the version before it. S3 shows an object whole or not at all; a copy within
// the bucket makes room for the new one, so that no moment has fewer versions than were there.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type Store, StoreError, type StoreSettings } from '../data/index.ts';
import type { Shelf, Urgency } from './shelf.ts';

export interface S3ShelfOptions {
  /** s3://BUCKET/PREFIX, of all trials. */
  readonly place: string;
  /** Of this one, below it. */
  readonly folder: string;
  /** Versions. */
  readonly keep: number;
  readonly stores: StoreSettings;
  readonly log: (line: string) => void;
  /** The trainer is asked to end. */
  readonly signal: AbortSignal;
  /** The longest outage that is waited for; ten minutes by default. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 600_000;
const PAUSE_MS = 5_000;
/** Written before anything is trained: who may not write learns it then. */
const PROBE = '.bionas';

/** All but aborts end in StoreError. */
export class S3Shelf implements Shelf {
  readonly #options: S3ShelfOptions;
  readonly #store: Store;
  #probed: Promise<void> | undefined;

  constructor(options: S3ShelfOptions) {
    this.#options = options;
    this.#store = openStore(
      `${options.place.replace(/\/+$/, '')}/${options.folder}`,
      options.stores,
    );
  }

  placeOf(file: string): string {
    return this.#store.title + file;
  }

  async put(file: string, path: string, urgency: Urgency): Promise<void> {
    const bytes = await readFile(path);
    for (let age = this.#options.keep - 1; age > 0; age -= 1)
      await this.#until(urgency, () => this.#stepBack(file, age));
    await this.#until(urgency, () => this.#store.put?.(file, bytes));
  }

  async get(file: string, age: number): Promise<Uint8Array | undefined> {
    const { signal } = this.#options;
    this.#probed ??= this.#until('now', () => this.#probe());
    await this.#probed;
    return this.#until('now', () =>
      this.#store.get(versionOf(file, age), { signal }).catch(unlessMissing),
    );
  }

  #stepBack(file: string, age: number): Promise<void> | undefined {
    return this.#store.copy?.(versionOf(file, age - 1), versionOf(file, age)).catch(unlessMissing);
  }

  async #probe(): Promise<void> {
    const { place, stores, signal } = this.#options;
    await openStore(place, stores).put?.(PROBE, Buffer.from('checkpoints of bionas\n'), signal);
  }

  /** An outage is waited for; whoever is asked to end tries once. */
  async #until<T>(urgency: Urgency, work: () => T | Promise<T>): Promise<T> {
    const { signal, log, patienceMs = PATIENCE_MS } = this.#options;
    const begun = performance.now();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const passes = error instanceof StoreError && error.fault === 'unreachable';
        const isOver = performance.now() - begun >= patienceMs;
        if (!passes || urgency === 'background' || signal.aborted || isOver) throw error;
        log(`${error.message} It is tried again.`);
        await delay(Math.min(PAUSE_MS, patienceMs), undefined, { signal }).catch(() => {});
      }
    }
  }
}

const versionOf = (file: string, age: number): string => (age === 0 ? file : `${file}.${age}`);

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof StoreError && error.fault === 'missing')) throw error;
}
