// Where a trial's files are kept on NATS: a bucket a search, `<trial uid>/<file>` in it, in the form of NATS' object store, so
// that its tools read them. A chunk has a subject of its own, and all of a trial's begin with its UID: the server can let a
// trainer write and read its own files, and nothing else. No message is ever removed: a new version takes the place of the
// oldest of those that are kept. The operator (who may do what) and the trainer (who does it) share this.

/** All files that a trainer keeps. */
export const KEPT_FILES = {
  checkpoint: 'checkpoint.safetensors',
  result: 'result.json',
  genotype: 'genotype.json',
  model: 'model.onnx',
  alignment: 'alignment.jsonl',
  robustness: 'robustness.jsonl',
  surrogate: 'surrogate.safetensors',
} as const;

export interface KeptFile {
  /** Of the search. */
  readonly bucket: string;
  /** UID. */
  readonly trial: string;
  /** One of KEPT_FILES. */
  readonly file: string;
}

export const objectName = ({ trial, file }: Omit<KeptFile, 'bucket'>): string => `${trial}/${file}`;

/** Of what says how many chunks the file has, and where they are. */
export const metaSubject = ({ bucket, ...kept }: KeptFile): string =>
  `$O.${bucket}.M.${btoa(objectName(kept)).replaceAll('+', '-').replaceAll('/', '_')}`;

/** Of all chunks of a trial. */
export const chunksOf = ({ bucket, trial }: Omit<KeptFile, 'file'>): string =>
  `$O.${bucket}.C.${trial}.>`;

/** The part of the chunks' subject between `$O.<bucket>.C.` and their number. */
export const versionOf = ({ trial, file }: Omit<KeptFile, 'bucket'>, slot: number): string =>
  `${trial}.${file.replaceAll('.', '_')}.${slot}`;

/** First part of the subjects on which a trainer is answered. */
export const inboxOf = (trial: string): string => `_INBOX_${trial}`;

/** What the object store calls the stream of a bucket. */
export const bucketStream = (bucket: string): string => `OBJ_${bucket}`;

/** JetStream's settings of a bucket: the last message of each subject counts, and can be asked for by its subject. */
export const bucketSettings = (bucket: string, replicas = 1) => ({
  name: bucketStream(bucket),
  subjects: [`$O.${bucket}.C.>`, `$O.${bucket}.M.>`],
  max_msgs_per_subject: 1,
  allow_direct: true,
  // A roll-up by one trial could take the files of all.
  allow_rollup_hdrs: false,
  discard: 'new' as const,
  num_replicas: replicas,
});
