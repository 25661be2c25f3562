// Nodes that a search avoids for a while: Pods fail there one after the other, and elsewhere they do not. It follows from the
// Pods that are there, so a restart comes to the same; with its Trials they go, and then it is forgotten. Pure.
import { EXIT } from '../../../crds/index.ts';
import { controllerOf, type Live } from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { endOf, isDisrupted, isRunning } from './pod-end.ts';
import { forbiddenBy, type PodEnd } from './policies.ts';

export interface AvoidedNode {
  readonly node: string;
  /** Ms since 1970. */
  readonly untilMs: number;
  readonly why: string;
}

export interface NodeTroubleInput {
  /** Of one search. */
  readonly pods: readonly Live<Pod>[];
  /** Last words that show that the network was at fault, as in spec.retry. */
  readonly never: readonly string[];
  readonly nowMs: number;
}

/** Pods in a row that must fail on a node within an hour, of so many trials; for an hour after the last it is held against it. */
const FAILURES = 3;
const TRIALS = 2;
const HELD_MS = 3_600_000;
/** Of the nodes that a search knows, the part that it may avoid, and how many at most: they are listed in Pods and in its status. */
const PART = 0.5;
const MOST = 16;

/** How the kubelet turns away what it has no device for. */
const TURNED_AWAY = 'UnexpectedAdmissionError';

interface Ended {
  readonly trial: string;
  readonly atMs: number;
  /** What speaks against the node; undefined where the Pod went well there. */
  readonly failure?: string;
}

interface NodeRecord {
  readonly node: string;
  /** Latest first. */
  readonly failures: readonly (Ended & { readonly failure: string })[];
  /** A Pod succeeded or runs there. */
  readonly isProven: boolean;
}

/** Worst first; never more than half of the nodes that are known, and none where no other has proved itself. */
export function avoidedNodes(input: NodeTroubleInput): AvoidedNode[] {
  const records = recordsOf(input);
  const troubled = records.filter(inTrouble).toSorted(byTrouble);
  const proven = records.filter((record) => record.isProven && !inTrouble(record));
  if (proven.length === 0) return [];
  const most = Math.min(MOST, Math.floor(PART * (troubled.length + proven.length)));
  return troubled.slice(0, most).flatMap(({ node, failures }) => {
    const [last] = failures;
    if (last === undefined) return [];
    const why = `${failures.length} Pods in a row failed there, the last with ${last.failure}`;
    return [{ node, untilMs: last.atMs + HELD_MS, why }];
  });
}

const inTrouble = ({ failures }: NodeRecord): boolean =>
  failures.length >= FAILURES && new Set(failures.map(({ trial }) => trial)).size >= TRIALS;

const byTrouble = (a: NodeRecord, b: NodeRecord): number =>
  b.failures.length - a.failures.length || a.node.localeCompare(b.node);

function recordsOf({ pods, never, nowMs }: NodeTroubleInput): NodeRecord[] {
  const byNode = Map.groupBy(pods, ({ spec }) => spec.nodeName ?? '');
  byNode.delete('');
  return [...byNode].map(([node, there]) => {
    const ends = there.flatMap((pod) => endedOf(pod, never) ?? []).toSorted(latestFirst);
    const goodAt = ends.findIndex(({ failure }) => failure === undefined);
    const failures = held(goodAt < 0 ? ends : ends.slice(0, goodAt), nowMs);
    return { node, failures, isProven: goodAt >= 0 || there.some(isRunning) };
  });
}

/** In the same second (Kubernetes knows no finer) what went well comes first: no order of the list decides. */
const latestFirst = (a: Ended, b: Ended): number =>
  b.atMs - a.atMs || (a.failure ?? '').localeCompare(b.failure ?? '');

/** Of ends, latest first: the failures that the last of them keeps in mind, as long as it is itself. */
function held(ends: readonly Ended[], nowMs: number): NodeRecord['failures'] {
  const lastMs = ends[0]?.atMs ?? 0;
  if (nowMs - lastMs >= HELD_MS) return [];
  return ends.flatMap(({ failure, ...end }) =>
    failure === undefined || lastMs - end.atMs >= HELD_MS ? [] : [{ ...end, failure }],
  );
}

/** Whether the Pod may speak against its node: without some that do, none is in trouble. */
export const speaksAgainstNode = (pod: Live<Pod>): boolean =>
  pod.spec.nodeName !== undefined && endedOf(pod, [])?.failure !== undefined;

/** Fewer Pods than these are no trouble. */
export const LEAST_TROUBLE = FAILURES;

/** undefined where the Pod has not ended, or its end says nothing of its node. */
function endedOf(pod: Live<Pod>, never: readonly string[]): Ended | undefined {
  const end = endOf(pod, { nowMs: 0, sinceMs: 0 });
  if (end === undefined || isDisrupted(pod)) return undefined;
  const ended = { trial: controllerOf(pod)?.uid ?? '', atMs: endedMs(pod) };
  if (end.exitCode === EXIT.done) return ended;
  const failure = failureOf(end, never);
  return failure === undefined ? undefined : { ...ended, failure };
}

const BLAMELESS: readonly number[] = [EXIT.badInput, EXIT.interrupted, EXIT.peerLost];

/** An end that may be the node's fault. Who asked for too much memory, or was interrupted, has only itself to blame, or nobody. */
function failureOf({ exitCode, reason, message }: PodEnd, never: readonly string[]) {
  if (reason === TURNED_AWAY) return reason;
  if (exitCode === undefined || BLAMELESS.includes(exitCode)) return undefined;
  if (reason === 'OOMKilled' || forbiddenBy(never, [message]) !== undefined) return undefined;
  return reason ?? `exit code ${exitCode}`;
}

/** By the node's clock, or by the API server's where the Pod never began. */
function endedMs({ metadata, status }: Live<Pod>): number {
  const finished = status?.containerStatuses?.map(({ state }) => state?.terminated?.finishedAt);
  const [text = status?.startTime ?? metadata.creationTimestamp] =
    finished?.filter((time) => time !== undefined) ?? [];
  return Date.parse(text ?? '') || 0;
}
