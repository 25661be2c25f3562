// What is wrong with the history of a search, as far as the records alone tell. Pure; keeps little of each record, of
// which there may be 50,000.
import type { BioNASSearch } from '../../crds/index.ts';
import {
  isTrialRecord,
  isWarmStart,
  recordSchema,
  type TrialRecord,
  toEvent,
  type WarmStartRecord,
  withTaken,
} from '../../operator/reconcilers/index.ts';
import type { History, HistoryEvent, ProposedTrial } from '../../operator/search/index.ts';
import { replayOf } from './compare.ts';
import type { Entry } from './entry.ts';

export class SearchCheck {
  /** UID. */
  readonly search: string;
  readonly problems: string[] = [];
  readonly #places = new Map<string, string>();
  readonly #byIndex = new Map<number, string>();
  #highest = -1;
  readonly #names = new Set<string>();
  readonly #trials: ProposedTrial[] = [];
  readonly #results: HistoryEvent[] = [];
  /** Whether records were written after a loss. */
  rebuilt = false;
  /** What the search began with of another. */
  taken: WarmStartRecord | undefined;

  constructor(search: string) {
    this.search = search;
  }

  add({ place, search, record }: Entry): void {
    const { data, error } = recordSchema(record).safeParse(record);
    if (data === undefined) {
      const [issue] = error.issues;
      const field = issue?.path.join('.') || 'record';
      this.problems.push(`${place}: no record of a trial: ${field}: ${issue?.message}`);
      return;
    }
    if (data.search !== search) {
      this.problems.push(
        `${place}: expected a record of search ${search}, got one of ${data.search}`,
      );
      return;
    }
    if (isWarmStart(data)) {
      this.taken = data;
      return;
    }
    this.#names.add(data.name);
    this.rebuilt ||= data.rebuilt === true;
    if (!isTrialRecord(data)) {
      this.#results.push(toEvent(data));
      return;
    }
    if (this.#isDouble(place, data)) return;
    if (data.purpose !== 'Search') return;
    const { index, genotype, proposedAfter } = data;
    this.#trials.push({ index, genotype, proposedAfter });
    this.#results.push(toEvent(data));
  }

  /** Whether the records are of a search of this name. */
  isOf({ metadata: { name } }: BioNASSearch): boolean {
    const rest = [...this.#names].map((trial) =>
      trial.startsWith(`${name}-`) ? trial.slice(name.length + 1) : '',
    );
    return rest.every((text) => /^((final-)?\d+|f\d+(-c\d+)?-s\d+)$/.test(text));
  }

  /** Whether there is a record of the end of this trial, by UID. */
  hasEnded(trial: string): boolean {
    return this.#places.has(trial);
  }

  /** What the engine was told, and what it had proposed by then, as far as that has ended. */
  get history(): History {
    return { trials: this.#trials.toSorted((a, b) => a.index - b.index), results: this.#results };
  }

  /** Call once, after the last record. The engine is replayed where the manifest is given. */
  conclude(manifest?: BioNASSearch): { readonly summary: string; readonly problems: string[] } {
    const highest = this.#highest;
    const missing = gapsIn(this.#byIndex.keys(), highest);
    const problems = [...this.problems];
    if (missing !== undefined)
      problems.push(
        `search ${this.search}: ${missing.text} missing below ${highest}: not ended yet, or lost`,
      );
    const count = `${this.#byIndex.size} records, indices 0 to ${highest}`;
    if (this.rebuilt) {
      const why = 'rebuilt from Trials after a loss, so no replay can fit';
      return { summary: `search ${this.search}: ${count}, ${why}`, problems };
    }
    if (manifest === undefined || problems.length > 0) {
      const why = manifest === undefined ? '' : ', not replayed because of the above';
      return { summary: `search ${this.search}: ${count}${why}`, problems };
    }
    const { difference } = replayOf(withTaken(manifest.spec, this.taken), this.history);
    if (difference !== undefined) problems.push(`search ${this.search}: ${difference.message}`);
    const fit = difference === undefined ? ', the replay fits' : '';
    return { summary: `search ${this.search}: ${count}${fit}`, problems };
  }

  #isDouble(place: string, { trial, index }: TrialRecord): boolean {
    const first = this.#places.get(trial);
    if (first !== undefined) {
      this.problems.push(`${place}: trial ${trial} is there twice, first at ${first}`);
      return true;
    }
    this.#places.set(trial, place);
    const other = this.#byIndex.get(index);
    if (other !== undefined) {
      this.problems.push(`${place}: index ${index} is there twice, first at ${other}`);
      return true;
    }
    this.#byIndex.set(index, place);
    this.#highest = Math.max(this.#highest, index);
    return false;
  }
}

/** What is missing from 0 to `highest`: `index 3`, `indices 3, 5 to 9`. */
export function gapsIn(
  indices: Iterable<number>,
  highest: number,
): { readonly text: string; readonly isOne: boolean } | undefined {
  const runs: string[] = [];
  let count = 0;
  let next = 0;
  for (const index of [...[...indices].sort((a, b) => a - b), highest + 1]) {
    const [first, last] = [next, index - 1];
    next = index + 1;
    if (last < first) continue;
    runs.push(last === first ? `${first}` : `${first} to ${last}`);
    count += last - first + 1;
  }
  if (count === 0) return undefined;
  return { text: `${count === 1 ? 'index' : 'indices'} ${runs.join(', ')}`, isOne: count === 1 };
}
