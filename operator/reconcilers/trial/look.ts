// One look at a Trial, what it may lead to, and where its Pod is.
import type { Trial, TrialStatus } from '../../../crds/index.ts';
import { controllerOf, type Live, type ObjectCache, type ObjectKey } from '../../runtime/index.ts';
import type { Judgement } from '../conditions.ts';
import type { Pod } from '../objects.ts';
import { podName } from './pod.ts';

/** One look at one trial. */
export interface Look {
  readonly trial: Live<Trial>;
  readonly status: TrialStatus;
  /** Of the current attempt. */
  readonly pod: Live<Pod> | undefined;
  /** Of the attempt before, where its Pod is still there. */
  readonly previous?: Live<Pod> | undefined;
  /** Why that Pod had to go, where it is gone and somebody said. */
  readonly farewell?: string | undefined;
  /** That its Pod holds. */
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

export const podKey = (trial: Live<Trial>, attempt: number): ObjectKey => ({
  namespace: trial.metadata.namespace ?? '',
  name: podName(trial, attempt),
});

export function podOf(
  trial: Live<Trial>,
  attempt: number,
  pods: ObjectCache<Pod>,
): Live<Pod> | undefined {
  const pod = pods.get(podKey(trial, attempt));
  // A namesake of another life: a search that was deleted and made anew.
  return pod !== undefined && controllerOf(pod)?.uid === trial.metadata.uid ? pod : undefined;
}
