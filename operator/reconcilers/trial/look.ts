// One look at a Trial, what it may lead to, and where its Pod is.
import { type Trial, type TrialStatus, workersOf } from '../../../crds/index.ts';
import { controllerOf, type Live, type ObjectCache } from '../../runtime/index.ts';
import type { Judgement } from '../conditions.ts';
import type { Pod } from '../objects.ts';
import type { Member } from './crew.ts';
import type { Farewells } from './farewells.ts';
import { podName } from './pod.ts';

/** One look at one trial. */
export interface Look {
  readonly trial: Live<Trial>;
  readonly status: TrialStatus;
  /** Of the current attempt; of several workers' the one that stands for all (crew.ts). */
  readonly pod: Live<Pod> | undefined;
  /** For how long its Pods ran, in seconds: the mean. */
  readonly ranSeconds: number;
  /** Of the attempt before, where its Pod is still there. */
  readonly previous?: Live<Pod> | undefined;
  /** Why that Pod had to go, where it is gone and somebody said. */
  readonly farewell?: string | undefined;
  /** That its Pods hold. */
  readonly devices: number;
  readonly nowMs: number;
  /** When this operator began to look. */
  readonly bornMs: number;
  /** The last step of its clock. */
  readonly evenSinceMs: number;
  readonly judgement: Judgement;
}

export interface Outcome {
  readonly status: TrialStatus;
  readonly act?: 'create pod' | 'delete pod';
  readonly requeueAfter?: number;
}

export function lookAt(seen: Omit<Look, 'judgement'>): Look {
  const generation = seen.trial.metadata.generation ?? 0;
  return { ...seen, judgement: { generation, now: new Date(seen.nowMs).toISOString() } };
}

/** Those of an attempt, by rank. */
export function membersOf(
  trial: Live<Trial>,
  attempt: number,
  {
    pods,
    farewells,
  }: { readonly pods: ObjectCache<Pod>; readonly farewells: Pick<Farewells, 'of'> },
): readonly Member[] {
  const { namespace = '' } = trial.metadata;
  return Array.from({ length: workersOf(trial.spec.template) }, (_, rank) => {
    const key = { namespace, name: podName(trial, attempt, rank) };
    return { pod: ownPod(trial, pods.get(key)), farewell: farewells.of(key) };
  });
}

/** Not a namesake of another life: a search that was deleted and made anew. */
const ownPod = (trial: Live<Trial>, pod: Live<Pod> | undefined): Live<Pod> | undefined =>
  pod !== undefined && controllerOf(pod)?.uid === trial.metadata.uid ? pod : undefined;
