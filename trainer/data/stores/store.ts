// The interface of where bytes of data sets, and of S3 also checkpoints, lie. Members: directory.ts, http.ts, s3.ts. A shared suite holds them to it.

export interface StoredEntry {
  /** Last part of its name, without a slash. */
  readonly name: string;
  readonly isFolder: boolean;
}

/** Bytes [from, to) of a file. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface GetOptions {
  /** Default: the whole file. */
  readonly range?: ByteRange | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Names of files are relative, with slashes between folders. All but aborts end in StoreError. */
export interface Store {
  /** The place, for messages; a file's name follows it. Ends in a slash. */
  readonly title: string;
  /** Bytes that take hardly longer to get than a few, by which headers are looked through. */
  readonly grain: number;
  /** What lies in a folder (`` is the top), sorted, without names that begin with a dot. Throws `missing` where there is none. */
  list(folder: string, signal?: AbortSignal): Promise<readonly StoredEntry[]>;
  /** Exactly the bytes asked for. Throws `missing` where there is no such file, `short` where it ends before. */
  get(name: string, options?: GetOptions): Promise<Uint8Array>;
  /** Bytes of a file, or undefined where there is none. */
  size(name: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Writes a file whole or not at all, over what lay there. Absent: the place is read alone. */
  put?(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** The same file under another name as well, whole or not at all. Throws `missing` where there is none. Absent: it cannot by itself. */
  copy?(from: string, to: string, signal?: AbortSignal): Promise<void>;
}

/** A way to keep bytes: whether a place's text is one of its own, and how to open it. */
export interface StoreKind {
  takes(place: string): boolean;
  /** Nothing is asked of the place yet. */
  open(place: string, settings: StoreSettings): Store;
}

export interface StoreSettings {
  readonly s3: S3Settings;
  readonly patience?: Partial<Patience>;
}

/** Undefined keys: requests are not signed, as public buckets take them. */
export interface S3Settings {
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  /** Of a server other than Amazon's, such as http://minio.storage:9000. */
  readonly endpoint?: string | undefined;
}

/** Of requests over a network. */
export interface Patience {
  /** Longest wait for an answer, and between two pieces of it, in milliseconds. */
  readonly idle: number;
  /** How often a request is made before it fails. */
  readonly tries: number;
  /** Before the second try, in milliseconds; it doubles. */
  readonly pause: number;
}

export type StoreFault =
  | 'missing'
  | 'forbidden'
  /** The file ends before the bytes asked for. */
  | 'short'
  /** The place cannot do what was asked. */
  | 'unable'
  /** No answer, or none that helps, after all tries. */
  | 'unreachable';

const ADVICE: Readonly<Record<StoreFault, string>> = {
  missing: 'Correct `path` of the data set, or `place` of checkpoints, or put the file there.',
  forbidden:
    'Check who may read there, or write, and the credentials (of S3: AWS_ACCESS_KEY_ID and such).',
  short: 'The file was cut off, or replaced while it was read: put the whole file there.',
  unable: 'Take a server that can, or copy the files to a directory.',
  unreachable: 'Check address, network and server, and try again.',
};

/** A place did not give, or take, what was asked. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;

  constructor(
    where: string,
    {
      fault,
      got,
      cause,
    }: { readonly fault: StoreFault; readonly got: string; readonly cause?: unknown },
  ) {
    super(`${where}: ${got}. ${ADVICE[fault]}`, cause === undefined ? {} : { cause });
    this.fault = fault;
  }
}
