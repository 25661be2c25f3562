// What the end of a Pod means for a Trial without a result: a list of pure policies, the first that has an opinion decides.
import { EXIT, type Retry, type TrialReason, type TrialStatus } from '../../../crds/index.ts';

/** What is left of a Pod, whoever ran it. */
export interface PodEnd {
  /** undefined where the Pod vanished or its node was lost before it said anything. */
  readonly exitCode?: number;
  /** `OOMKilled`, `Evicted`, `NodeLost`, `Preempting`, ... */
  readonly reason?: string;
  /** What the kubelet says of the container. */
  readonly message?: string;
  /** Somebody wanted the Pod gone. */
  readonly disrupted: boolean;
  /** How long a result has had to arrive since. */
  readonly sinceMs: number;
}

export type Verdict =
  | { readonly kind: 'failed'; readonly reason: TrialReason; readonly message: string }
  /** Another Pod goes on from the checkpoint; `spendsRetry` where the trial itself was at fault. */
  | {
      readonly kind: 'again';
      readonly spendsRetry: boolean;
      readonly reason: TrialReason;
      readonly message: string;
    }
  | { readonly kind: 'wait'; readonly forMs: number };

export interface EndInput {
  readonly status: TrialStatus;
  readonly end: PodEnd;
  readonly retry: Retry;
}

type Policy = (input: EndInput) => Verdict | undefined;

/** A result may still be on its way when the Pod is already gone. */
const REPORT_GRACE_MS = 10_000;
const BLAMELESS = [
  'Evicted',
  'Preempting',
  'NodeLost',
  'Shutdown',
  'DeletionByTaintManager',
  'Terminated',
];

/** Whether it is nobody's doing in the trial. */
export function isBlameless({ exitCode, reason, disrupted }: PodEnd): boolean {
  if (reason === 'OOMKilled' || exitCode === EXIT.done || exitCode === EXIT.badInput) return false;
  const lost = exitCode === undefined || (reason !== undefined && BLAMELESS.includes(reason));
  return exitCode === EXIT.interrupted || lost || disrupted;
}

const interruptionIsBlameless: Policy = ({ end }) => {
  if (!isBlameless(end)) return undefined;
  const message = `${end.reason ?? 'interrupted'}: goes on from the checkpoint`;
  return { kind: 'again', spendsRetry: false, reason: 'Interrupted', message };
};

const badInputIsFinal: Policy = ({ end, status }) =>
  end.exitCode === EXIT.badInput
    ? {
        kind: 'failed',
        reason: 'InvalidInput',
        message: status.failure?.message ?? 'the trainer refused its input',
      }
    : undefined;

const doneButSilent: Policy = ({ end }) => {
  if (end.exitCode !== EXIT.done || end.sinceMs >= REPORT_GRACE_MS) return undefined;
  return { kind: 'wait', forMs: REPORT_GRACE_MS - end.sinceMs };
};

/** The text that forbids another attempt, where one of these is among the last words. */
export function forbiddenBy(
  never: readonly string[],
  words: readonly (string | undefined)[],
): string | undefined {
  const said = words.join('\n').toLowerCase();
  return never.find((text) => said.includes(text.toLowerCase()));
}

const faultOf = ({ reason, exitCode }: PodEnd): TrialReason => {
  if (reason === 'OOMKilled') return 'OutOfMemory';
  // No other says why.
  if (exitCode === EXIT.peerLost) return 'WorkerLost';
  // Another node may have what this one lacks.
  return exitCode === EXIT.noDevice ? 'DeviceUnavailable' : 'TrainerFailed';
};

const retryOrGiveUp = ({ end, status, retry }: EndInput): Verdict => {
  const reason = faultOf(end);
  const said =
    status.failure?.message ??
    end.message ??
    (end.exitCode === EXIT.done ? 'it ended without a result' : 'it said nothing');
  const message = `the trainer ended with ${end.reason ?? `exit code ${end.exitCode}`}: ${said}`;
  const forbidding = forbiddenBy(retry.never, [status.failure?.message, end.message]);
  if (forbidding !== undefined) {
    const why = `${message} (no other attempt: spec.retry.never has "${forbidding}")`;
    return { kind: 'failed', reason, message: why };
  }
  return status.retries < retry.limit
    ? { kind: 'again', spendsRetry: true, reason, message }
    : { kind: 'failed', reason, message };
};

const POLICIES: readonly Policy[] = [interruptionIsBlameless, badInputIsFinal, doneButSilent];

export function judgeEnd(input: EndInput): Verdict {
  for (const policy of POLICIES) {
    const verdict = policy(input);
    if (verdict !== undefined) return verdict;
  }
  return retryOrGiveUp(input);
}
