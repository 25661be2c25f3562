// The Pods of an attempt, one of each worker, as the one Pod that is decided on: a crew stands where the one of them stands that is
// furthest behind, and ends by the cause of its end. Pure.
import { EXIT } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { DEADLINES, patienceWith } from './patience.ts';
import {
  disruptionOf,
  endOf,
  finishedMs,
  hasEnded,
  isDisrupted,
  isRunning,
  runSeconds,
  startedMs,
  trainerOf,
} from './pod-end.ts';
import { isBlameless } from './policies.ts';
import { TRAINER_CONTAINER } from './trainer-container.ts';

/** The Pod of one worker, or why it had to go, where it is gone and somebody said. */
export interface Member {
  readonly pod: Live<Pod> | undefined;
  readonly farewell?: string | undefined;
}

export interface Crew {
  /** What is decided on; undefined where there is no Pod. */
  readonly pod: Live<Pod> | undefined;
  /** For how long its Pods ran, in seconds: the mean. */
  readonly ranSeconds: number;
  /** Ranks whose Pods are to be made, since none has begun without them. */
  readonly missing: readonly number[];
  /** Pods that have not ended, and that nobody has deleted. */
  readonly alive: readonly Live<Pod>[];
  /** Whether those are to be deleted: they would wait for others in vain. */
  readonly disbands: boolean;
  /** Ms until they may be. */
  readonly requeueAfter?: number;
}

/** From the end of one worker to that of the others, where they see it. */
const NOTICED_WITHIN_MS = 15_000;

interface Now {
  readonly nowMs: number;
  readonly evenSinceMs: number;
}

/** `members` by rank. */
export function crewOf(members: readonly Member[], now: Now): Crew {
  const pods = members.flatMap(({ pod }) => pod ?? []);
  const seconds = pods.map((pod) => runSeconds(pod, now));
  const ranSeconds = seconds.reduce((sum, each) => sum + each, 0) / Math.max(1, pods.length);
  const ranks = members.flatMap(({ pod }, rank) => (pod === undefined ? [rank] : []));
  const begun = pods.some((pod) => hasEnded(pod) || startedMs(pod) !== undefined);
  const isLeaving = pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const missing = begun || isLeaving ? [] : ranks;
  const isBroken = begun && (isOver(members) || (ranks.length > 0 && !isUnderWay(members[0])));
  const standing = isBroken ? breaking(members, now) : { pod: furthestBehind(pods) };
  return { ranSeconds, missing, alive: pods.filter(isAlive), disbands: false, ...standing };
}

export const isAlive = (pod: Live<Pod>): boolean =>
  !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined;

/** Where it still needs one that is gone, it ends by itself; once only it has something left to do, it does not. */
const isUnderWay = ({ pod }: Partial<Member> = {}): boolean =>
  pod !== undefined && !hasEnded(pod) && startedMs(pod) !== undefined;

const isOver = (members: readonly Member[]): boolean => endsOf(members).length > 0;

/** After which it cannot go on, in their order: any end of the first worker, and of others all but that they are done. */
const endsOf = (members: readonly Member[]) =>
  members
    .flatMap(({ pod }, rank) => {
      const end = pod && endedBy(pod);
      if (pod === undefined || end === undefined) return [];
      if (rank > 0 && end.exitCode === EXIT.done) return [];
      return [{ pod, end, atMs: finishedMs(pod) ?? 0 }];
    })
    .toSorted((a, b) => a.atMs - b.atMs);

const endedBy = (pod: Live<Pod>) => endOf(pod, { nowMs: 0, sinceMs: 0 });

/** Of Pods that have not ended: one that is being deleted, else the last on its way to run. */
function furthestBehind(pods: readonly Live<Pod>[]): Live<Pod> | undefined {
  const alive = pods.filter((pod) => !hasEnded(pod));
  return alive.toSorted((a, b) => stageOf(a) - stageOf(b) || startOf(b) - startOf(a))[0];
}

function stageOf(pod: Live<Pod>): number {
  if (pod.metadata.deletionTimestamp !== undefined) return 0;
  if (isRunning(pod)) return 3;
  return pod.spec.nodeName === undefined ? 1 : 2;
}

const startOf = (pod: Live<Pod>): number => startedMs(pod) ?? 0;

type Standing = Pick<Crew, 'pod'> & Partial<Pick<Crew, 'disbands' | 'requeueAfter'>>;

/** It cannot go on: those that live end by themselves, or are ended, and what they end by is judged. */
function breaking(members: readonly Member[], now: Now): Standing {
  const pods = members.flatMap(({ pod }) => pod ?? []);
  const left = pods.find((pod) => !hasEnded(pod));
  if (left === undefined) return { pod: causeOf(members, now) };
  const leaving = leavingAs(left, now);
  if (!pods.some(isAlive)) return { pod: leaving };
  const [first] = endsOf(members);
  // Whose Pod is gone was asked to end, and so are the others, that they keep what they have.
  if (first === undefined) return { pod: leaving, disbands: true };
  const leftMs = first.atMs + NOTICED_WITHIN_MS - now.nowMs;
  if (leftMs > 0) return { pod: leaving, requeueAfter: leftMs };
  // From what the first worker keeps on its way out the next attempt goes on.
  const isKeeping = isBlameless(first.end) && members[0]?.pod && !hasEnded(members[0].pod);
  return { pod: isKeeping ? leaving : causeOf(members, now), disbands: true };
}

const leavingAs = (pod: Live<Pod>, { nowMs }: Now): Live<Pod> => ({
  ...pod,
  metadata: { deletionTimestamp: new Date(nowMs).toISOString(), ...pod.metadata },
});

/**
 * The Pod by whose end the attempt is judged: that of the first worker where it is done, else the first that failed by itself, else one
 * that was interrupted or lost. That a worker lost another says nothing where it is known what became of that one.
 */
function causeOf(members: readonly Member[], now: Now): Live<Pod> | undefined {
  const ends = endsOf(members);
  const done = ends.find(({ end }) => end.exitCode === EXIT.done);
  if (done !== undefined) return done.pod;
  const own = ends.filter(({ end }) => end.exitCode !== EXIT.peerLost);
  const failed = own.find(({ end }) => !isBlameless(end));
  return (
    failed?.pod ?? goneOf(members) ?? own[0]?.pod ?? saying(ends[0]?.pod, unmetIn(members, now))
  );
}

/** Where a worker is gone, or was asked to go: as a Pod that was lost. */
function goneOf(members: readonly Member[]): Live<Pod> | undefined {
  const gone = members.find(({ pod }) => pod === undefined || (!hasEnded(pod) && isDisrupted(pod)));
  const known = members.find(({ pod }) => pod !== undefined && hasEnded(pod))?.pod;
  if (gone === undefined || known === undefined) return undefined;
  const { pod, farewell = pod && disruptionOf(pod) } = gone;
  const status = { phase: 'Failed', ...(farewell === undefined ? {} : { reason: farewell }) };
  return { ...known, status };
}

/** Why one did not begin, where there is one: the wait for it is at the trial's expense, or it would be repeated for ever. */
function unmetIn(members: readonly Member[], now: Now): string | undefined {
  const rank = members.findIndex(
    ({ pod }) => pod && !hasEnded(pod) && startedMs(pod) === undefined,
  );
  const pod = members[rank]?.pod;
  if (pod === undefined) return undefined;
  const { message } = patienceWith({ pod, deadlines: DEADLINES, heardMs: now.nowMs, ...now });
  return `worker ${rank} did not begin: ${message}`;
}

/** With these as its last words. */
function saying(pod: Live<Pod> | undefined, message: string | undefined): Live<Pod> | undefined {
  const terminated = pod && trainerOf(pod)?.state?.terminated;
  if (pod === undefined || terminated === undefined || message === undefined) return pod;
  const containerStatuses = [
    { name: TRAINER_CONTAINER, state: { terminated: { ...terminated, message } } },
  ];
  return { ...pod, status: { ...pod.status, containerStatuses } };
}
