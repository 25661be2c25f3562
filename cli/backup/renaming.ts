// A search that comes back has another UID, and so have its Trials: what names them in records, owners and places of files is
// named anew. Pure.
import { type BioNASSearch, RESTORING, type Trial, TrialStatus } from '../../crds/index.ts';
import {
  isFinished,
  type LedgerRecord,
  markAgain,
  runningSince,
} from '../../operator/reconcilers/index.ts';

/** Old UIDs to new ones. */
export interface NewNames {
  readonly search: readonly [before: string, now: string];
  /** Of Trials that come back as objects; one that lives on in its record alone keeps its UID. */
  readonly trials: ReadonlyMap<string, string>;
  /** Old UIDs of all Trials by name: a local run tells its files by that. */
  readonly known: ReadonlyMap<string, string>;
}

export const renamedTrial = (uid: string, { trials }: NewNames): string => trials.get(uid) ?? uid;

/** What the ledger is to have in the place of a record. */
export function renamedRecord<Of extends LedgerRecord>(record: Of, names: NewNames): Of {
  const own = 'trial' in record ? { trial: renamedTrial(record.trial, names) } : {};
  return { ...renamedPlaces(record, names), search: names.search[1], ...own };
}

/** In the directory of a local run: `.../trials/<name>/<file>`. */
const LOCAL_PLACE = /^(?:.*\/)?trials\/([\w.-]+)\/([\w.-]+)$/s;

/**
 * `nats://bionas_<search uid>/<trial uid>/...` anew, wherever it stands; and in the place of where a local run had a file, which
 * `artifacts` alone tell: a message that ends like one stays as it is.
 */
export function renamedPlaces<Of>(value: Of, names: NewNames): Of {
  const [before, now] = names.search;
  const place = new RegExp(`^nats://bionas_${before}/([\\w-]+)/`);
  const anew = (trial: string): string => `nats://bionas_${now}/${renamedTrial(trial, names)}/`;
  const onNats = (text: string): string => text.replace(place, (_, trial: string) => anew(trial));
  const placed = (text: string): string =>
    text.replace(LOCAL_PLACE, (whole, name: string, file: string) => {
      const trial = names.known.get(name);
      return trial === undefined ? whole : `${anew(trial)}${file}`;
    });
  return JSON.parse(JSON.stringify(value), (key, part) => {
    if (typeof part === 'string') return onNats(part);
    return key === 'artifacts' ? mapValues(part, placed) : part;
  });
}

const mapValues = (texts: Readonly<Record<string, string>>, change: (text: string) => string) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, change(text)]));

const KEPT_ELSEWHERE = 'kubectl.kubernetes.io/last-applied-configuration';

function kept({ name, labels, annotations = {} }: BioNASSearch['metadata']) {
  const { [KEPT_ELSEWHERE]: _, ...own } = annotations;
  return {
    name,
    ...(labels === undefined ? {} : { labels }),
    annotations: { ...own, [RESTORING]: 'true' },
  };
}

/** To be created; the operator leaves it alone for now. */
export const searchAnew = (
  { apiVersion, kind, metadata, spec }: BioNASSearch,
  namespace: string,
): BioNASSearch => ({ apiVersion, kind, metadata: { ...kept(metadata), namespace }, spec });

export function trialAnew(
  { apiVersion, kind, metadata, spec }: Trial,
  search: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: BioNASSearch['metadata'];
  },
): Trial {
  const { name, uid = '', namespace } = search.metadata;
  const owner = { apiVersion: search.apiVersion, kind: search.kind, name, uid };
  const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
  return { apiVersion, kind, metadata: { ...kept(metadata), namespace, ownerReferences }, spec };
}

/** Its Pod is gone: a trial that ran goes on with another one, from the checkpoint, and its time until now is not counted twice. */
export function statusAnew({ status }: Trial, now: string, names: NewNames): TrialStatus {
  const before = renamedPlaces(status ?? TrialStatus.parse({}), names);
  if (isFinished(before) || runningSince(before) === undefined) return before;
  const why = { reason: 'Interrupted', message: 'restored: goes on from the checkpoint' } as const;
  const judgement = { generation: before.observedGeneration ?? 1, now };
  return markAgain(before, { ...why, spendsRetry: false }, judgement);
}
