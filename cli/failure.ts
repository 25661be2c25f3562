// How the command line tells what went wrong: one line for what can be expected, a stack for what cannot.
import { CommanderError } from 'commander';

export interface Failure {
  readonly lines: readonly string[];
  /** 1 failed, 2 wrong usage or manifest, 130 interrupted. An error may bring its own as `exitCode`. */
  readonly exitCode: number;
}

/** `debug` asks for the stacks of all errors. */
export function failureOf(error: unknown, debug: boolean): Failure {
  // Commander has printed its own message. Help and version are no failures.
  if (error instanceof CommanderError) return { lines: [], exitCode: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof Error && error.name === 'AbortError') return { lines: [], exitCode: 130 };
  if (!(error instanceof Error)) return { lines: [String(error)], exitCode: 1 };
  const { exitCode = 1, code, path } = error as Partial<Told>;
  const line = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  if (debug) return { lines: [stackOf(error)], exitCode };
  if (code === 'ENOENT' && path !== undefined)
    return { lines: [`${path}: expected a file or directory, found none there`], exitCode: 2 };
  if (isExpected(error)) return { lines: [line], exitCode };
  const hint = 'this should not have happened; BIONAS_DEBUG=1 shows where it did';
  return { lines: [line, hint], exitCode };
}

interface Told {
  readonly exitCode: number;
  /** Of the system's errors. */
  readonly code: string;
  readonly path: string;
}

/** Our errors have names of their own, the system's have a code. */
function isExpected(error: Error): boolean {
  const ours = !(error.name in globalThis);
  return ours || 'code' in error;
}

function stackOf(error: Error): string {
  const { cause } = error;
  const rest = cause instanceof Error ? `\ncaused by ${stackOf(cause)}` : '';
  return `${error.stack ?? error.message}${rest}`;
}
