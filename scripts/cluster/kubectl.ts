// kubectl of the cluster's own version, as a function.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { kubernetesProgram } from './programs.ts';

/** What it printed on standard output; `input` is its standard input. Throws KubectlError. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** It refused or failed. */
export class KubectlError extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string) {
    super(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    this.name = 'KubectlError';
    this.stderr = stderr;
  }
}

/** Its caches stay beside the kubeconfig. */
export function kubectlOf(kubeconfig: string): Kubectl {
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig) };
  return async (args, input = '') => {
    const child = spawn(kubernetesProgram('kubectl'), args, { env });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await ended;
    if (code !== 0) throw new KubectlError(args, stderr);
    return stdout;
  };
}
