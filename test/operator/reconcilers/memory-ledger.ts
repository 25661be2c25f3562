// A ledger for the reconcilers' tests: every call goes through whoever notes it, and may fail.
import type { Ledger, LedgerEntry, Leftovers } from '../../../operator/reconcilers/index.ts';

interface Entry {
  readonly search: string;
  readonly sequence: number;
  readonly record: unknown;
}

export class MemoryLedger implements Ledger, Leftovers {
  readonly entries: Entry[] = [];
  readonly #through: <R>(call: string, effect: () => R) => Promise<R>;

  constructor(through: <R>(call: string, effect: () => R) => Promise<R>) {
    this.#through = through;
  }

  append(search: string, record: unknown, after: number): Promise<number | undefined> {
    return this.#through('append', () => {
      if ((this.#of(search).at(-1)?.sequence ?? 0) !== after) return undefined;
      const sequence = this.entries.length + 1;
      this.entries.push({ search, sequence, record: structuredClone(record) });
      return sequence;
    });
  }

  async *read(search: string): AsyncGenerator<LedgerEntry> {
    yield* await this.#through('read ledger', () => this.#of(search));
  }

  #of(search: string): Entry[] {
    return this.entries.filter((entry) => entry.search === search);
  }

  async searches(): Promise<string[]> {
    return [...new Set(this.entries.map(({ search }) => search))];
  }

  forget(search: string): Promise<void> {
    return this.#through('forget', () => {
      const kept = this.entries.filter((entry) => entry.search !== search);
      this.entries.splice(0, this.entries.length, ...kept);
    });
  }
}
