// The interface of where a trial's files are kept when its directory goes. Members: NATS' object store (trainer/nats), S3.

export interface Shelf {
  /** Where others find a file. */
  placeOf(file: string): string;
  /**
   * Puts what lies at `path` there: it counts once all of it is there, and those before it stay as far as they are kept.
   */
  put(file: string, path: string, how: Putting): Promise<void>;
  /** The version that was put so many before the last; undefined where there is none. @throws DamagedFileError */
  get(file: string, age: number): Promise<Uint8Array | undefined>;
}

export interface Putting {
  readonly urgency: Urgency;
  /** The last version is damaged: it gives its place, and those before it stay where they are. */
  readonly replaces: boolean;
}

/** `background`: one try, as another version follows. */
export type Urgency = 'background' | 'now';
