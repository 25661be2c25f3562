// The trainer's composition root: one Trial from its environment, trained, reported, and an exit code with a meaning.
// BIONAS_TRIAL (JSON) or BIONAS_TRIAL_FILE, BIONAS_ATTEMPT, BIONAS_WORKDIR, BIONAS_THREADS, BIONAS_CACHE, BIONAS_BUS=ipc|lines|nats
// (BIONAS_NATS_URL, BIONAS_NATS_CREDS, BIONAS_SUBJECT),
// BIONAS_EXECUTOR=koffi|tfjs-node|tfjs-node-gpu and BIONAS_TENSORFLOW_DIR (docs/executors.md).
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../crds/index.ts';
import { writeArtifacts } from './artifacts.ts';
import { createPrefetchStream } from './data/index.ts';
import {
  announce,
  chooseExecutor,
  defaultLibraryDir,
  defaultPackageDir,
} from './executors/index.ts';
import { exitAtOnce } from './exit-at-once.ts';
import { ipcBus, lineBus, type ReportBus } from './reporting/index.ts';
import { openTrialData } from './trial-data.ts';
import { trialProcess } from './trial-process.ts';

// biome-ignore lint/style/noProcessEnv: the trainer's environment enters here and nowhere else
const env = process.env;
const home = homedir();
const cache = env['BIONAS_CACHE'] ?? join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'bionas');
const cacheLocation = { cacheHome: env['XDG_CACHE_HOME'], home };
const directory = env['BIONAS_WORKDIR'] ?? process.cwd();
const log = (line: string): void => void process.stderr.write(`${line}\n`);

/** A trainer is killed 5 s after it was asked to end; a long step may not end by then. */
const PATIENCE_MS = 4_500;
const stop = new AbortController();
stop.signal.addEventListener('abort', () => {
  setTimeout(() => exitAtOnce(EXIT.interrupted), PATIENCE_MS).unref();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
// The operator died: nobody else would end this process. The checkpoint keeps what it did.
process.on('disconnect', () => stop.abort());

const file = env['BIONAS_TRIAL_FILE'];
const threads = env['BIONAS_THREADS'];
const stream = createPrefetchStream();

const executor = chooseExecutor(env['BIONAS_EXECUTOR'] || 'koffi', {
  libraryDir: env['BIONAS_TENSORFLOW_DIR'] || defaultLibraryDir(cacheLocation),
  packageDir: defaultPackageDir(cacheLocation),
});

async function chooseBus(): Promise<ReportBus> {
  if (env['BIONAS_BUS'] === 'ipc') return ipcBus(process);
  if (env['BIONAS_BUS'] !== 'nats') return lineBus((line) => process.stdout.write(line));
  const { natsBus } = await import('./nats/index.ts');
  return natsBus({
    url: env['BIONAS_NATS_URL'] ?? 'nats://127.0.0.1:4222',
    credsFile: env['BIONAS_NATS_CREDS'],
    subject: env['BIONAS_SUBJECT'] ?? '',
    log,
    signal: stop.signal,
  });
}

const code = await trialProcess({
  trialText: env['BIONAS_TRIAL'] ?? (file === undefined ? '' : await readFile(file, 'utf8')),
  attempt: Number(env['BIONAS_ATTEMPT'] ?? 0),
  bus: await chooseBus(),
  log,
  executor: announce(executor, log),
  ...(threads === undefined ? {} : { threads: Number(threads) }),
  directory,
  openData: (spec) => openTrialData(spec, { cacheDir: join(cache, 'datasets'), stream }),
  writeArtifacts,
  clock: performance,
  signal: stop.signal,
});
// Worker threads and TensorFlow's pools end with the process; waiting for them would only delay the next trial.
process.exit(code);
