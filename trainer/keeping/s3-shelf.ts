// A shelf in a bucket of S3: `<file>`, and `<file>.1` of the version before it. S3 shows an object whole or not at all. A new version
// goes up as `<file>.new`; then copies within the bucket make room and put it in its place: an upload that fails changes nothing.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type Store, StoreError, type StoreSettings } from '../data/index.ts';
import type { Putting, Shelf, Urgency } from './shelf.ts';

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
/** Of a version that is not in its place yet. */
const NEW = '.new';

/** All but aborts end in StoreError. */
export class S3Shelf implements Shelf {
  readonly #options: S3ShelfOptions;
  readonly #store: Store;
  #probed: Promise<void> | undefined;
  /** By name, the age that is free: of puts that failed after they had made room, which is not made twice. */
  readonly #free = new Map<string, number>();

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

  async put(file: string, path: string, { urgency, replaces }: Putting): Promise<void> {
    const bytes = await readFile(path);
    const put = (name: string) => this.#until(urgency, () => this.#store.put?.(name, bytes));
    if (replaces || this.#options.keep === 1 || !(await this.#isThere(file, urgency)))
      return put(file);
    await put(file + NEW);
    await this.#makeRoom(file, urgency);
    await this.#until(urgency, () => this.#store.copy?.(file + NEW, file));
    this.#free.delete(file);
  }

  async get(file: string, age: number): Promise<Uint8Array | undefined> {
    const { signal } = this.#options;
    this.#probed ??= this.#until('now', () => this.#probe());
    await this.#probed;
    return this.#until('now', () =>
      this.#store.get(versionOf(file, age), { signal }).catch(unlessMissing),
    );
  }

  async #isThere(file: string, urgency: Urgency): Promise<boolean> {
    return (await this.#until(urgency, () => this.#store.size(file))) !== undefined;
  }

  async #makeRoom(file: string, urgency: Urgency): Promise<void> {
    const { keep } = this.#options;
    for (let age = this.#free.get(file) ?? keep - 1; age > 0; age -= 1) {
      await this.#until(urgency, () => this.#stepBack(file, age));
      this.#free.set(file, age - 1);
    }
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
