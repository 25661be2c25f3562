// Names on NATS. Reports: bionas.<namespace>.<search>.<trial uid>.<kind>. Records: bionas-ledger.<search uid>.
// Checkpoints: bucket bionas_<search uid>.
import { bucketStream } from '../../../crds/index.ts';
import { InvalidTokenError } from './errors.ts';

const REPORTS = 'bionas';
const LEDGER = 'bionas-ledger';
const BUCKET = 'bionas_';

/** Kinds that are kept until they are acknowledged, and kinds that go by. */
export const DECISIVE = ['result', 'failure'] as const;
export const LIVE = ['progress', 'epoch'] as const;

interface TrialAddress {
  readonly namespace: string;
  readonly search: string;
  /** UID. */
  readonly trial: string;
}

/** Prefix of a trial's reports; a dot and the kind follow. A name may hold dots: they become `_`, which no name holds. */
export const reportSubject = ({ namespace, search, trial }: TrialAddress): string =>
  [REPORTS, namespace, search, trial].map((name) => token(name.replaceAll('.', '_'))).join('.');

/** What a pattern over reports says of some kinds: `bionas.>` and [result] give `bionas.*.*.*.result`. */
export function narrowed(pattern: string, kinds: readonly string[]): string[] {
  const given = pattern.split('.');
  const rest = given.at(-1) === '>' ? given.slice(0, -1) : given;
  if (rest[0] !== REPORTS || rest.length > PARTS || rest.length === given.length)
    throw new InvalidTokenError(
      `expected ${REPORTS}.> or longer, with > at the end, got ${pattern}`,
    );
  const prefix = [...rest, ...Array<string>(PARTS - rest.length).fill('*')].join('.');
  return kinds.map((kind) => `${prefix}.${kind}`);
}

/** Tokens before the kind. */
const PARTS = 4;

/** Of all records of a search. */
export const recordsOf = (search: string): string => `${LEDGER}.${token(search)}`;

export const RECORDS = `${LEDGER}.*`;

export const searchOfRecords = (subject: string): string => subject.slice(LEDGER.length + 1);

export const bucketOf = (search: string): string => `${BUCKET}${token(search)}`;

/** The object store keeps a bucket in a stream of this name. */
export const bucketStreamOf = (search: string): string => bucketStream(bucketOf(search));

export const searchOfBucketStream = (stream: string): string | undefined =>
  stream.startsWith(bucketStream(BUCKET)) ? stream.slice(bucketStream(BUCKET).length) : undefined;

function token(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidTokenError(
    `expected letters, digits, - and _ for a NATS subject, got "${text}"`,
  );
}
