// From a Pod's spec to the command that this machine runs. Pure.
import type { Pod } from './pod.ts';
import type { Command } from './pod-process.ts';

/** The spec asks for what a child process cannot be. */
export class InvalidPodError extends Error {
  override readonly name = 'InvalidPodError';
}

export interface CommandOptions {
  readonly logFile: (pod: Pod) => string;
  /** What every process gets, below the pod's own env: PATH, HOME. */
  readonly env: Readonly<Record<string, string>>;
}

/** @throws InvalidPodError */
export function commandOf(pod: Pod, { logFile, env }: CommandOptions): Command {
  const [container, ...others] = pod.spec.containers;
  if (container === undefined || others.length > 0) {
    throw new InvalidPodError(
      `spec.containers: expected one container, found ${pod.spec.containers.length}`,
    );
  }
  const [file, ...args] = [...(container.command ?? []), ...(container.args ?? [])];
  if (container.command === undefined || file === undefined) {
    throw new InvalidPodError(
      'spec.containers[0].command: expected a command; locally there is no image that has one',
    );
  }
  return {
    file,
    args,
    env: { ...env, ...podEnv(pod) },
    workingDirectory: container.workingDir,
    logFile: logFile(pod),
  };
}

/** The container's env; entries that take their value from elsewhere (valueFrom) read as empty. */
export function podEnv(pod: Pod): Record<string, string> {
  const env = pod.spec.containers[0]?.env ?? [];
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']));
}
