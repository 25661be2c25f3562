// A worker's place among those that train one network together.

export interface Worker {
  /** From 0. */
  readonly rank: number;
  /** Workers in all. */
  readonly world: number;
}

/** One process that trains by itself. */
export const ALONE: Worker = { rank: 0, world: 1 };
