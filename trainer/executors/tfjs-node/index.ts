// Door of the tfjs-node executor: the graph of the TensorFlow executor, as a SavedModel that @tensorflow/tfjs-node runs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../program/index.ts';
import { refuseWorkers, refuseXla } from '../checks.ts';
import { type Executor, ExecutorError, type SessionOptions, USUAL_DEVICE } from '../executor.ts';
import {
  assertOneDnn,
  type GraphDefinition,
  loadLibrary,
  setDeviceEnvironment,
  writeGraphDefinition,
} from '../tensorflow/index.ts';
import { requireAddon, type TfjsPackage } from './package-location.ts';
import { encodeSavedModel, FILE } from './saved-model.ts';
import { READ, signatureOf, TfjsNodeSession, WRITE } from './session.ts';
import { startThread, type TfjsThread } from './thread.ts';
import type { Loaded } from './worker.ts';

export { defaultPackageDir, isTfjsPackage, requireAddon } from './package-location.ts';

interface TfjsNodeOptions {
  /** The GPU package is refused where it finds no GPU. */
  readonly packageName: TfjsPackage;
  /** Folder of the package's node_modules; see defaultPackageDir. */
  readonly packageDir: string;
  /** The library that the addon was built on. It writes the graph, in this process: there is one copy of it. */
  readonly libraryDir: string;
  /** Where compiled kernels are kept; default: where CUDA wants. */
  readonly computeCacheDir?: string | undefined;
}

/**
 * tfjs-node has no session options; TensorFlow's thread pools belong to the process, and the probe of oneDNN, which
 * runs first, sets them. The addon reads the environment that `loadLibrary` has set in the main thread.
 * @throws ExecutorError from `open` when the addon is missing, is not what it should be, or refuses the program
 */
export function createTfjsNodeExecutor(options: TfjsNodeOptions): Executor {
  const { packageName, packageDir, libraryDir, computeCacheDir } = options;
  let asserted: Promise<void> | undefined;
  return {
    name: packageName,
    async open(program: Program, { threads = 0, device = USUAL_DEVICE }: SessionOptions = {}) {
      refuseWorkers(program, packageName);
      refuseXla(device, packageName);
      requireAddon(packageDir, packageName);
      const api = loadLibrary(libraryDir, computeCacheDir);
      setDeviceEnvironment(device);
      asserted ??= assertOneDnn(api, { intraOpThreads: threads, interOpThreads: 0 });
      await asserted;
      const graph = writeGraphDefinition(api, program);
      const [thread, loaded] = await loadSavedModel(options, graph);
      try {
        requireAsked(loaded, { packageName, libraryVersion: api.version() });
        return await TfjsNodeSession.open(program, thread, descriptionOf(packageName, loaded));
      } catch (cause) {
        thread.end();
        throw cause;
      }
    },
  };
}

/** The directory is gone again when this returns: the graph is in memory then, and weights never were in it. */
async function loadSavedModel(
  { packageName, packageDir }: TfjsNodeOptions,
  { graphDef, entries, read, write }: GraphDefinition,
): Promise<[TfjsThread, Loaded]> {
  const runs = [...entries].map(([entry, signature]) => [signatureOf(entry), signature]);
  const others = { [WRITE]: write, ...Object.fromEntries(runs) };
  const directory = await mkdtemp(join(tmpdir(), 'bionas-saved-model-'));
  try {
    await writeFile(join(directory, FILE), encodeSavedModel(graphDef, { [READ]: read }));
    const signatures = { [READ]: read, ...others };
    return await startThread({ packageDir, packageName, directory, signatures });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function requireAsked(
  { backend, libraryVersion, device }: Loaded,
  asked: { readonly packageName: TfjsPackage; readonly libraryVersion: string },
): void {
  const { packageName } = asked;
  if (backend !== 'tensorflow')
    throw new ExecutorError(`@tensorflow/${packageName} computes with ${backend}, not TensorFlow`);
  if (libraryVersion !== asked.libraryVersion)
    throw new ExecutorError(
      `@tensorflow/${packageName} loaded TensorFlow ${libraryVersion}: expected ${asked.libraryVersion}; build it again`,
    );
  if (packageName === 'tfjs-node-gpu' && device !== 'GPU')
    throw new ExecutorError(
      '@tensorflow/tfjs-node-gpu found no GPU: check the driver (nvidia-smi) and that its addon was built on a GPU library (docs/executors.md)',
    );
}

const descriptionOf = (packageName: TfjsPackage, { libraryVersion, device }: Loaded) => ({
  executor: packageName,
  library: `TensorFlow ${libraryVersion} (oneDNN) through @tensorflow/${packageName}`,
  device,
});
