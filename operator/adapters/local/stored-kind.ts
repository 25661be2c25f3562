// How the local store is told about a kind.
import type { KubernetesObject, ObjectKind } from '../../runtime/index.ts';

/** A kind that the store serves, and how. Methods, so that a StoredKind<Trial> fits a list of any kinds. */
export interface StoredKind<T extends KubernetesObject = KubernetesObject> {
  readonly kind: ObjectKind<T>;
  /** memory: gone when the process ends, as a Pod is when its node does. */
  readonly keep: 'disk' | 'memory';
  /** Checks and completes what is about to be written, as schema and CEL rules do. @throws InvalidError */
  admit?(object: T, previous: T | undefined): T;
  /** Seconds that a deleted object stays, until its keeper deletes it again with 0; 0 removes it at once. */
  graceSeconds?(object: T): number;
}
