// The tfjs-node executor, where `make tfjs-node` has built the addon, and where its library is.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  createTfjsNodeExecutor,
  defaultPackageDir,
  type Executor,
} from '../../trainer/executors/index.ts';
import { libraryDir } from './tensorflow.ts';

export const packageDir = defaultPackageDir({
  cacheHome: process.env['XDG_CACHE_HOME'],
  home: homedir(),
});

const addon = 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';

export const tfjsNode: Executor | undefined = existsSync(join(packageDir, addon))
  ? createTfjsNodeExecutor({ packageName: 'tfjs-node', packageDir, libraryDir })
  : undefined;
if (tfjsNode === undefined)
  console.warn(`skipped: no addon of tfjs-node at ${packageDir}; run \`make tfjs-node\``);
