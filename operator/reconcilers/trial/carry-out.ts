// Does what was decided about a Trial's Pods: makes those of an attempt, or deletes them; one that can never be made ends the trial.
import { workersOf } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  ForbiddenError,
  InvalidError,
  type KubernetesObject,
  keyOf,
  type Live,
  NotFoundError,
  type ObjectClient,
} from '../../runtime/index.ts';
import type { NetworkPolicy, Pod, Service } from '../objects.ts';
import { keptFrom } from './avoidance.ts';
import type { Crew } from './crew.ts';
import type { DecideOptions } from './decide.ts';
import type { Look, Outcome } from './look.ts';
import { meetingPolicy, meetingService } from './meeting.ts';
import { type TrainerDefaults, trialPod } from './pod.ts';
import { refused } from './refusal.ts';
import { markFinished } from './status.ts';

export interface CarryOutOptions extends Pick<DecideOptions, 'avoidedBy'> {
  readonly podClient: ObjectClient<Pod>;
  readonly trainer: TrainerDefaults;
  /** Where workers find each other by names. */
  readonly meetingClients?: MeetingClients | undefined;
}

export interface MeetingClients {
  readonly services: Pick<ObjectClient<Service>, 'create'>;
  readonly policies: Pick<ObjectClient<NetworkPolicy>, 'create'>;
}

/** What decisions on one Pod leave open where there are several. */
export function forAll(outcome: Outcome, { status }: Look, crew: Crew): Outcome {
  if (outcome.act !== undefined) return outcome;
  if (crew.disbands) return { ...outcome, act: 'delete pod' };
  const isPartial = crew.pod !== undefined && crew.missing.length > 0;
  if (isPartial && outcome.status.attempt === status.attempt)
    return { ...outcome, act: 'create pod' };
  const waits = [outcome.requeueAfter, crew.requeueAfter].filter((ms) => ms !== undefined);
  return waits.length === 0 ? outcome : { ...outcome, requeueAfter: Math.min(...waits) };
}

export async function carryOut(
  look: Look,
  outcome: Outcome,
  { crew, ...options }: CarryOutOptions & { readonly crew: Crew },
): Promise<Outcome> {
  if (outcome.act === 'delete pod') await removeAll(crew.alive, options.podClient);
  if (outcome.act !== 'create pod') return outcome;
  const { status, judgement } = look;
  try {
    await makeAll(look, { ...options, missing: crew.missing });
  } catch (error) {
    if (error instanceof InvalidError) {
      const message = `its Pod is refused: ${error.message}`;
      const end = { condition: 'Failed', reason: 'InvalidInput', message } as const;
      return { status: markFinished(status, end, judgement) };
    }
    if (!(error instanceof ForbiddenError)) throw error;
    return refused(status, error, judgement);
  }
  return outcome;
}

async function makeAll(
  { trial, status: { attempt } }: Look,
  {
    missing,
    podClient,
    trainer,
    avoidedBy,
    meetingClients,
  }: CarryOutOptions & Pick<Crew, 'missing'>,
): Promise<void> {
  if (meetingClients !== undefined && workersOf(trial.spec.template) > 1) {
    await makeOnce(meetingPolicy(trial), meetingClients.policies);
    await makeOnce(meetingService(trial), meetingClients.services);
  }
  const avoided = avoidedBy(trial);
  const made: Live<Pod>[] = [];
  try {
    for (const rank of missing) {
      const pod = keptFrom(trialPod(trial, { attempt, rank }, trainer), avoided) as Pod;
      made.push(...(await makeOnce(pod, podClient)));
    }
  } catch (error) {
    // The others have nothing to wait for, and may hold what others need.
    await removeAll(made, podClient);
    throw error;
  }
}

/** The name says what it is: one that exists is what was wanted. */
async function makeOnce<T extends KubernetesObject>(
  object: T,
  client: Pick<ObjectClient<T>, 'create'>,
): Promise<Live<T>[]> {
  try {
    return [await client.create(object)];
  } catch (error) {
    if (error instanceof AlreadyExistsError) return [];
    throw error;
  }
}

/** One that is gone already is what was wanted. */
export async function removeAll(
  pods: readonly Live<Pod>[],
  podClient: Pick<ObjectClient<Pod>, 'delete'>,
): Promise<void> {
  for (const pod of pods)
    await podClient.delete(keyOf(pod), { uid: pod.metadata.uid }).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
}
