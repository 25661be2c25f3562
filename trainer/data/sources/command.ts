// Runs one command of the system with a deadline. The only place of trainer/data that starts processes.
import { spawn } from 'node:child_process';
import { SourceError } from './source-error.ts';

const KEPT_OUTPUT = 8192;

export interface CommandOptions {
  /** Working directory. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** milliseconds */
  readonly deadline: number;
}

/** Settles when the command succeeded, else SourceError with its last words. */
export type CommandRunner = (
  command: string,
  args: readonly string[],
  options: CommandOptions,
) => Promise<void>;

/** The command is not installed. */
export class CommandMissingError extends SourceError {}

export const runCommand: CommandRunner = (command, args, options) => {
  const deadline = AbortSignal.timeout(options.deadline);
  const child = spawn(command, args, {
    cwd: options.directory,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([options.signal, deadline]),
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-KEPT_OUTPUT);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('error', (error) => {
    if (options.signal.aborted) reject(options.signal.reason);
    else if (deadline.aborted) reject(tooSlow(command, options.deadline));
    else reject(notStarted(command, error));
  });
  child.on('close', (code) => {
    if (code === 0) resolve();
    else reject(new SourceError(`${command} ended with code ${code}: ${lastLine(words)}`));
  });
  return promise;
};

function tooSlow(command: string, deadline: number): SourceError {
  return new SourceError(`${command} did not end within ${deadline / 1000} s`);
}

function notStarted(command: string, cause: Error): SourceError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  if (missing) return new CommandMissingError(`${command} is not on this machine`, { cause });
  return new SourceError(`${command} could not be started: ${cause.message}`, { cause });
}

function lastLine(words: string): string {
  return words.trim().split('\n').at(-1) || 'it said nothing';
}
