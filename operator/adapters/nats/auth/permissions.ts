// What a trainer may do on NATS: speak for its trial, keep and read its trial's files, hear answers. Pure.
import {
  bucketStream,
  chunksOf,
  inboxOf,
  KEPT_FILES,
  metaSubject,
} from '../../../../crds/index.ts';
import { bucketOf, DECISIVE, LIVE, reportSubject } from '../subjects.ts';

/** A trial, and where it belongs. */
export interface TrialPlace {
  readonly namespace: string;
  /** Name. */
  readonly search: string;
  readonly searchUid: string;
  /** UID. */
  readonly trial: string;
}

export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export function permissionsOf(place: TrialPlace): Permissions {
  const { trial } = place;
  const bucket = bucketOf(place.searchUid);
  const reports = [...DECISIVE, ...LIVE].map((kind) => `${reportSubject(place)}.${kind}`);
  const files = Object.values(KEPT_FILES).map((file) => metaSubject({ bucket, trial, file }));
  const objects = [...files, chunksOf({ bucket, trial })];
  const reads = objects.map((subject) => `$JS.API.DIRECT.GET.${bucketStream(bucket)}.${subject}`);
  return { publish: [...reports, ...objects, ...reads], subscribe: [`${inboxOf(trial)}.>`] };
}
