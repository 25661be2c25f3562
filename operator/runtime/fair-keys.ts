// Waiting keys in groups that take turns, a key a turn: how long a key waits depends on how many groups there are, not on
// how much another group has to do.
import { firstInFirstOut, type ReadyKeys } from './ready-keys.ts';

interface Group {
  readonly name: string;
  readonly keys: ReadyKeys;
  /** Keys of the group that are with workers. */
  working: number;
}

export interface FairOptions {
  /**
   * Keys of one group that may be in work side by side; no limit by default. With less than there are workers, a group
   * whose work takes long leaves one free for the others.
   */
  readonly atOnce?: number | undefined;
}

export function fairBetween(
  groupOf: (key: string) => string,
  { atOnce = Number.POSITIVE_INFINITY }: FairOptions = {},
): ReadyKeys {
  return new FairKeys(groupOf, atOnce);
}

class FairKeys implements ReadyKeys {
  readonly #groupOf: (key: string) => string;
  readonly #atOnce: number;
  readonly #groups = new Map<string, Group>();
  /** Groups with a ready key and a free place, in the order of their turns. */
  readonly #turns = new Set<Group>();
  readonly #inWork = new Map<string, Group>();
  #size = 0;

  constructor(groupOf: (key: string) => string, atOnce: number) {
    this.#groupOf = groupOf;
    this.#atOnce = atOnce;
  }

  get size(): number {
    return this.#size;
  }

  push(key: string): void {
    const name = this.#groupOf(key);
    const group = this.#groups.get(name) ?? { name, keys: firstInFirstOut(), working: 0 };
    group.keys.push(key);
    this.#size += 1;
    this.#seat(group);
  }

  shift(): string | undefined {
    const { value: group } = this.#turns.values().next();
    const key = group?.keys.shift();
    if (group === undefined || key === undefined) return undefined;
    this.#turns.delete(group);
    this.#inWork.set(key, group);
    group.working += 1;
    this.#size -= 1;
    this.#seat(group);
    return key;
  }

  done(key: string): void {
    const group = this.#inWork.get(key);
    if (group === undefined) return;
    this.#inWork.delete(key);
    group.working -= 1;
    this.#seat(group);
  }

  clear(): void {
    for (const group of this.#groups.values()) {
      group.keys.clear();
      this.#seat(group);
    }
    this.#turns.clear();
    this.#size = 0;
  }

  /** Gives the group its place at the end of the turns, if it has a use for one and does not have it. */
  #seat(group: Group): void {
    const isIdle = group.keys.size === 0 && group.working === 0;
    if (isIdle) this.#groups.delete(group.name);
    else this.#groups.set(group.name, group);
    if (group.keys.size > 0 && group.working < this.#atOnce) this.#turns.add(group);
  }
}
