// What `bionas data` needs of the outside.
export interface DataIo {
  out(line: string): void;
  err(line: string): void;
  /** Directory of all cached data sets. */
  readonly cacheDir: string;
  /** Says how S3 is reached, and by how many threads pictures are decoded. */
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}
