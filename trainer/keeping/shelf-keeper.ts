// Keeps files on a shelf: one at a time goes up, beside the training, and none twice.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Keeper, writeAtomically } from '../training/index.ts';
import type { Shelf, Urgency } from './shelf.ts';

export class ShelfKeeper implements Keeper {
  readonly #shelf: Shelf;
  readonly #log: (line: string) => void;
  /** By name, what was kept last: the same file is not sent twice. */
  readonly #kept = new Map<string, string>();
  readonly #offered = new Set<string>();
  /** Names of those whose last version on the shelf is damaged, until another is in its place. */
  readonly #damaged = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(shelf: Shelf, log: (line: string) => void) {
    this.#shelf = shelf;
    this.#log = log;
  }

  async restore(path: string, age = 0): Promise<boolean> {
    const file = basename(path);
    const bytes = await this.#shelf.get(file, age);
    if (bytes === undefined) return false;
    await writeAtomically(path, bytes);
    const which = age === 0 ? '' : `, kept ${age} before the last one`;
    this.#log(`${file} is back from an earlier attempt, ${bytes.length} bytes${which}`);
    return true;
  }

  offer(path: string, { replaces } = { replaces: false }): void {
    if (replaces) this.#damaged.add(basename(path));
    if (this.#offered.has(path)) return;
    this.#offered.add(path);
    const keep = async () => {
      this.#offered.delete(path);
      await this.#persist(path, 'background');
    };
    this.#inTurn(keep).catch((error: unknown) => this.#log(`not kept: ${error}`));
  }

  async keep(path: string): Promise<string | undefined> {
    try {
      await this.#inTurn(() => this.#persist(path, 'now'));
      return this.#shelf.placeOf(basename(path));
    } catch (error) {
      this.#log(`not kept: ${error}`);
      return undefined;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => {});
    return next;
  }

  async #persist(path: string, urgency: Urgency): Promise<void> {
    const file = basename(path);
    const { ino, mtimeMs, size } = await stat(path);
    const version = `${ino} ${mtimeMs} ${size}`;
    if (this.#kept.get(file) === version) return;
    const replaces = this.#damaged.has(file);
    await this.#shelf.put(file, path, { urgency, replaces });
    if (replaces) this.#damaged.delete(file);
    this.#kept.set(file, version);
  }
}
