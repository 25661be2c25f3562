// Where `make tfjs-node` puts the owner's package and its addon, and what to do where it has not run.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExecutorError } from '../executor.ts';
import type { CacheLocation } from '../tensorflow/index.ts';

/** scripts/build-tfjs-node.sh names the same. */
const TFJS_NODE_VERSION = '4.22.0';

const HOW_TO_BUILD = {
  'tfjs-node': 'run `make tfjs-node`',
  'tfjs-node-gpu': 'docs/executors.md says how to build it',
} as const;

export type TfjsPackage = keyof typeof HOW_TO_BUILD;

export const isTfjsPackage = (name: string): name is TfjsPackage =>
  Object.hasOwn(HOW_TO_BUILD, name);

/** The folder that holds node_modules. */
export const defaultPackageDir = ({ cacheHome, home }: CacheLocation): string =>
  join(cacheHome || join(home, '.cache'), 'bionas', 'tfjs-node', TFJS_NODE_VERSION);

/** @throws ExecutorError */
export function requireAddon(packageDir: string, name: TfjsPackage): void {
  const folder = join(packageDir, 'node_modules', '@tensorflow', name);
  if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')))
    throw new ExecutorError(
      `@tensorflow/${name} is not built at ${packageDir}: ${HOW_TO_BUILD[name]}`,
    );
}
