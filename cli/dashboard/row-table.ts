// The rows of a search as they change: each has the version of its last change, from which follows what anybody has missed.
import type { BioNASSearch, LearningRuleName } from '../../crds/index.ts';
import type { SearchChange, SearchRow, TrialRow, TrialTable } from '../../dashboard/api.ts';
import { placesOf } from '../genotype/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { Alphabet, type RowContext, trialRow } from './trial-row.ts';

interface KnownRow {
  readonly trial: ResultTrial;
  readonly row: TrialRow;
  readonly version: number;
}

/** Rows that are made at a stretch: some ten milliseconds. */
const PART = 500;

export class RowTable {
  readonly #context: RowContext;
  readonly #rows = new Map<string, KnownRow>();
  readonly #prepared = new WeakMap<ResultTrial, TrialRow>();
  /** Version with which each value of the alphabet came. */
  readonly #valueVersions: number[] = [];
  /** From here on it is known what has changed. */
  #first: number;
  #version: number;
  #search: SearchRow | undefined;

  /** Versions begin at the given one. */
  constructor({ spec }: BioNASSearch, version: number) {
    const { searchSpace } = spec;
    this.#context = {
      places: placesOf(searchSpace),
      rules: searchSpace.learningRules,
      alphabet: new Alphabet(),
    };
    this.#first = version;
    this.#version = version;
  }

  get version(): number {
    return this.#version;
  }

  get places(): readonly string[] {
    return this.#context.places;
  }

  get rules(): readonly LearningRuleName[] {
    return this.#context.rules;
  }

  get table(): TrialTable {
    const rows = [...this.#rows.values()].map(({ row }) => row);
    return {
      version: this.#version,
      // Those of rows that are only prepared come with them.
      alphabet: this.#context.alphabet.values.slice(0, this.#valueVersions.length),
      trials: rows.toSorted((a, b) => a.index - b.index),
    };
  }

  row(name: string): TrialRow | undefined {
    return this.#rows.get(name)?.row;
  }

  /** Makes the rows of trials that are new, and pauses now and then: for thousands it takes a while. `take` has them then. */
  async prepare(trials: readonly ResultTrial[], pause: () => Promise<void>): Promise<void> {
    const fresh = trials.filter((trial) => this.#rows.get(trial.name)?.trial !== trial);
    for (const [k, trial] of fresh.entries()) {
      this.#prepared.set(trial, trialRow(trial, this.#context));
      if (k % PART === PART - 1) await pause();
    }
  }

  /** All that is there by now; whether any of it is new. A trial that is the same object as before is not looked at. */
  take(search: SearchRow, trials: readonly ResultTrial[]): boolean {
    const next = this.#version + 1;
    const changes = [
      ...trials.map((trial) => this.#takeTrial(trial, next)),
      this.#dropOthers(trials, next),
      this.#takeSearch(search),
    ];
    const { values } = this.#context.alphabet;
    while (this.#valueVersions.length < values.length) this.#valueVersions.push(next);
    if (!changes.includes(true)) return false;
    this.#version = next;
    return true;
  }

  #takeTrial(trial: ResultTrial, version: number): boolean {
    const known = this.#rows.get(trial.name);
    if (known?.trial === trial) return false;
    const row = this.#prepared.get(trial) ?? trialRow(trial, this.#context);
    const isNew = known === undefined || !isSame(known.row, row);
    const kept = isNew ? { row, version } : known;
    this.#rows.set(trial.name, { ...kept, trial });
    return isNew;
  }

  /** Whoever deletes a Trial is rare enough: all then load the table again. */
  #dropOthers(trials: readonly ResultTrial[], version: number): boolean {
    if (this.#rows.size === trials.length) return false;
    const there = new Set(trials.map(({ name }) => name));
    for (const name of this.#rows.keys()) if (!there.has(name)) this.#rows.delete(name);
    this.#first = version;
    return true;
  }

  #takeSearch(search: SearchRow): boolean {
    const isNew = this.#search === undefined || !isSame(timeless(this.#search), timeless(search));
    this.#search = search;
    return isNew;
  }

  /** What came after a version; undefined where nothing did. */
  since(version: number): SearchChange | undefined {
    const search = this.#search;
    if (search === undefined || version === this.#version) return undefined;
    const isKnown = version >= this.#first && version < this.#version;
    if (!isKnown) return { ...this.#nothing(search), reset: true };
    const { values } = this.#context.alphabet;
    return {
      version: this.#version,
      search,
      trials: [...this.#rows.values()].flatMap((known) =>
        known.version > version ? known.row : [],
      ),
      alphabet: values.filter((_, i) => (this.#valueVersions[i] ?? 0) > version),
    };
  }

  /** As of now, for one who begins to listen. */
  get now(): SearchChange | undefined {
    return this.#search && this.#nothing(this.#search);
  }

  #nothing(search: SearchRow): SearchChange {
    return { version: this.#version, search, trials: [], alphabet: [] };
  }
}

/** It falls from second to second. */
const timeless = ({ budget: { secondsLeft: _, ...budget }, ...row }: SearchRow) => ({
  ...row,
  budget,
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
