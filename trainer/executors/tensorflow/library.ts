// Finds TensorFlow's shared libraries and loads them once a process, with the switches that C reads at load time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import { ExecutorError } from '../executor.ts';
import { type CApi, declareCApi } from './c-api.ts';
import { type Places, setLibraryEnvironment } from './environment.ts';

/** scripts/fetch-tensorflow.py names the same. */
const TENSORFLOW_VERSION = '2.18.1';

/** What the composition root knows of the user's folders. */
export interface CacheLocation {
  /** $XDG_CACHE_HOME */
  readonly cacheHome?: string | undefined;
  readonly home: string;
}

/** Where `make tensorflow` puts the libraries. */
export const defaultLibraryDir = ({ cacheHome, home }: CacheLocation): string =>
  join(cacheHome || join(home, '.cache'), 'bionas', 'tensorflow', TENSORFLOW_VERSION);

type LibraryFiles = readonly [framework: string, api: string];

const LIBRARIES: Readonly<Record<string, LibraryFiles>> = {
  linux: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  darwin: ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
};

/** koffi runs a call on a stack of its own; TensorFlow optimises graphs on the caller's, so 128 KiB is too small. */
const STACK_BYTES = 8 * 1024 * 1024;

let loaded: { readonly directory: string; readonly api: CApi } | undefined;

/** @throws ExecutorError when the libraries are missing, broken, or another directory's are loaded already */
export function loadLibrary(directory: string, cacheDir?: string): CApi {
  if (loaded?.directory === directory) return loaded.api;
  if (loaded !== undefined)
    throw new ExecutorError(
      `TensorFlow is already loaded from ${loaded.directory}: ${directory} needs a process of its own`,
    );
  const api = open(pathsIn(directory), { libraryDir: directory, cacheDir });
  loaded = { directory, api };
  return api;
}

/** Whether the library is installed there, without loading it. @throws ExecutorError that says what to do */
export function requireLibrary(directory: string): void {
  pathsIn(directory);
}

function pathsIn(directory: string): LibraryFiles {
  const names = LIBRARIES[process.platform];
  if (names === undefined)
    throw new ExecutorError(
      `TensorFlow has no library for ${process.platform}: use Linux or macOS`,
    );
  const paths: LibraryFiles = [join(directory, names[0]), join(directory, names[1])];
  if (!paths.every((path) => existsSync(path)))
    throw new ExecutorError(`TensorFlow's library is not at ${directory}: run \`make tensorflow\``);
  return paths;
}

function open([frameworkPath, apiPath]: LibraryFiles, places: Places): CApi {
  try {
    widenStacks();
    setLibraryEnvironment(places);
    koffi.load(frameworkPath);
    return declareCApi(koffi.load(apiPath));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ExecutorError(`TensorFlow's library could not be loaded: ${reason}`, { cause });
  }
}

/** koffi refuses once any library is loaded. */
function widenStacks(): void {
  if ((koffi.config().async_stack_size ?? 0) >= STACK_BYTES) return;
  koffi.config({ async_stack_size: STACK_BYTES, sync_stack_size: STACK_BYTES });
}
