// Where checkpoint and artifacts live on when the directory they are written to goes with its Pod.

export interface Keeper {
  /** Brings a file back that an earlier attempt kept, unless it is there. Rejects when the trainer is asked to end. */
  restore(path: string): Promise<void>;
  /** Keeps a file in the background: training goes on, and what fails is made up for with the next version. */
  offer(path: string): void;
  /** Keeps a file now; gives the place where others find it, or undefined where it could not be kept. */
  keep(path: string): Promise<string | undefined>;
}

/** For a directory that stays. */
export const inPlace: Keeper = {
  restore: async () => {},
  offer() {},
  keep: async (path) => path,
};
