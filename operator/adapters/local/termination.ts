// Judges how a container's process ended. Pure.
import { constants } from 'node:os';
import type { Terminated } from './pod.ts';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The command could not be started. */
  readonly startError?: Error | undefined;
  /** We sent SIGKILL ourselves, after the grace period. */
  readonly killed: boolean;
  /** Processes that the kernel killed for memory meanwhile; undefined where it does not say. */
  readonly oomKills: number | undefined;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Exit code of a container runtime for a command that it cannot start. */
const CANNOT_START = 128;

export function terminated(end: ProcessEnd): Terminated {
  const { startedAt, finishedAt, startError, signal } = end;
  if (startError !== undefined) {
    const message = startError.message;
    return { exitCode: CANNOT_START, reason: 'StartError', message, finishedAt };
  }
  if (signal === null) {
    const exitCode = end.code ?? CANNOT_START;
    return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt, finishedAt };
  }
  const number = constants.signals[signal];
  return {
    exitCode: 128 + number,
    signal: number,
    reason: ranOutOfMemory(end) ? 'OOMKilled' : 'Error',
    message: `ended by ${signal}${end.killed ? ' after its grace period' : ''}`,
    startedAt,
    finishedAt,
  };
}

/** The kernel kills for memory by SIGKILL and counts it. A SIGKILL of somebody else's is no sign of that. */
function ranOutOfMemory({ signal, killed, oomKills }: ProcessEnd): boolean {
  return signal === 'SIGKILL' && !killed && (oomKills ?? 0) > 0;
}
