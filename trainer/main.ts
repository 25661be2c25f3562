// The trainer's composition root: one Trial from its environment, trained, reported, and an exit code with a meaning.
// BIONAS_TRIAL (JSON) or BIONAS_TRIAL_FILE, BIONAS_ATTEMPT, BIONAS_WORKDIR, BIONAS_THREADS, BIONAS_CACHE, BIONAS_GRACE_SECONDS,
// BIONAS_BUS=ipc|lines|nats (BIONAS_NATS_URL, BIONAS_SUBJECT, BIONAS_BUCKET, BIONAS_NATS_REPLICAS, BIONAS_NATS_CREDS or
// BIONAS_NATS_TOKEN_FILE, BIONAS_NATS_CA or BIONAS_NATS_CA_PEM; docs/nats.md),
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL of pictures (docs/data.md) and
// checkpoints (docs/checkpoints.md) on S3,
// BIONAS_LOG=json, TRACEPARENT and OTEL_EXPORTER_OTLP_ENDPOINT (docs/observability.md),
// BIONAS_REHEARSAL_SECONDS (rehearsal.ts),
// BIONAS_EXECUTOR=auto|tensorflow|tfjs-node|tfjs-node-gpu|onnx|onnx-webgpu, BIONAS_TENSORFLOW_DIR and BIONAS_DEVICE=any|gpu (docs/executors.md),
// BIONAS_PEERS, BIONAS_RANK and BIONAS_PEER_SECONDS where a trial has several workers (docs/distributed.md).
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../crds/index.ts';
import { writeArtifacts } from './artifacts.ts';
import { createPrefetchStream, storeSettings } from './data/index.ts';
import { chooseExecutor, defaultLibraryDir, defaultPackageDir } from './executors/index.ts';
import { exitAtOnce } from './exit-at-once.ts';
import { keptBy } from './keeping/index.ts';
import { peersOf } from './peers.ts';
import { Rehearsal } from './rehearsal.ts';
import { ipcBus, lineBus } from './reporting/index.ts';
import { cudaLibraries, machineKind, readDriver, selfCheck } from './self-check/index.ts';
import { jsonLog, openSpans } from './telemetry/index.ts';
import { inPlace, type Keeper } from './training/index.ts';
import { openTrialData } from './trial-data.ts';
import { type TrialProcess, trialProcess } from './trial-process.ts';

// biome-ignore lint/style/noProcessEnv: the trainer's environment enters here and nowhere else
const env = process.env;
const home = homedir();
const cache = env['BIONAS_CACHE'] ?? join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'bionas');
const cacheLocation = { cacheHome: env['XDG_CACHE_HOME'], home };
const directory = env['BIONAS_WORKDIR'] ?? process.cwd();

/** A trainer is killed so long after it was asked to end; a long step may not end by then. */
const graceMs = 1000 * Number(env['BIONAS_GRACE_SECONDS'] ?? 5);
const stop = new AbortController();
stop.signal.addEventListener('abort', () => {
  setTimeout(() => exitAtOnce(EXIT.interrupted), 0.9 * graceMs).unref();
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
// The operator died: nobody else would end this process. The checkpoint keeps what it did.
process.on('disconnect', () => stop.abort());

const file = env['BIONAS_TRIAL_FILE'];
const threads = env['BIONAS_THREADS'];
// Steps and pictures share libuv's threads: one is left to the steps.
const decoders = Math.max(1, Number(env['UV_THREADPOOL_SIZE'] ?? 4) - 1);
const stores = storeSettings(env);
const stream = createPrefetchStream({ decoders, stores });

const attempt = Number(env['BIONAS_ATTEMPT'] ?? 0);
const trialText = env['BIONAS_TRIAL'] ?? (file === undefined ? '' : await readFile(file, 'utf8'));
const write = (text: string): void => void process.stderr.write(text);
const about = { trialText, attempt, traceparent: env['TRACEPARENT'] };
const log =
  env['BIONAS_LOG'] === 'json'
    ? jsonLog({ ...about, write, now: Date.now })
    : (message: string, fields?: object) =>
        write(`${fields === undefined ? message : JSON.stringify({ message, ...fields })}\n`);
const { spans, close } = await openSpans({ env, log });

const libraryDir = env['BIONAS_TENSORFLOW_DIR'] || defaultLibraryDir(cacheLocation);
const packageDir = defaultPackageDir(cacheLocation);
const { peers, flaw } = peersOf(env);
const kind = await machineKind('/', await readDriver('/'));
const computeCacheDir = join(cache, 'compute', kind);
const folders = { libraryDir, packageDir, peers, computeCacheDir };
const executor = chooseExecutor(env['BIONAS_EXECUTOR'] ?? '', folders, (line) => log(line));

async function chooseOutlets(): Promise<{
  bus: TrialProcess['bus'];
  keeper: (keep: number) => Keeper;
}> {
  const keeper = () => inPlace;
  if (env['BIONAS_BUS'] === 'ipc') return { bus: ipcBus(process), keeper };
  if (env['BIONAS_BUS'] !== 'nats')
    return { bus: lineBus((line) => process.stdout.write(line)), keeper };
  const ca = env['BIONAS_NATS_CA'];
  const { openNats } = await import('./nats/index.ts');
  return openNats({
    url: env['BIONAS_NATS_URL'] ?? 'nats://127.0.0.1:4222',
    credsFile: env['BIONAS_NATS_CREDS'],
    tokenFile: env['BIONAS_NATS_TOKEN_FILE'],
    authority: ca === undefined ? env['BIONAS_NATS_CA_PEM'] : await readFile(ca, 'utf8'),
    subject: env['BIONAS_SUBJECT'] ?? '',
    bucket: env['BIONAS_BUCKET'],
    replicas: Number(env['BIONAS_NATS_REPLICAS'] ?? 1),
    attempt,
    rank: peers?.rank,
    log,
    traceparent: () => spans.traceparent(),
    signal: stop.signal,
  });
}

const { bus, keeper } = await chooseOutlets();
const keeping = { directory, usual: keeper, stores, log, signal: stop.signal };
const rehearsalSeconds = env['BIONAS_REHEARSAL_SECONDS'];
const rehearsal =
  rehearsalSeconds === undefined ? undefined : new Rehearsal(Number(rehearsalSeconds), performance);
const openData: TrialProcess['openData'] = (spec) =>
  openTrialData(spec, { cacheDir: join(cache, 'datasets'), stream, stores });
const trial: TrialProcess = {
  trialText,
  attempt,
  flaw,
  bus,
  keptBy: (about) => keptBy(about, keeping),
  spans,
  log,
  executor: selfCheck(executor, {
    wanted: env['BIONAS_DEVICE'] ?? '',
    readDriver: () => readDriver('/'),
    readLibraries: () => cudaLibraries(libraryDir),
    node: process.version,
    log,
  }),
  ...(threads === undefined ? {} : { threads: Number(threads) }),
  ...(peers === undefined ? {} : { worker: { rank: peers.rank, world: peers.addresses.length } }),
  openData: rehearsal?.shorten(openData) ?? openData,
  writeArtifacts,
  clock: performance,
  signal: stop.signal,
};
const code = await spans.during('trainer', () => trialProcess(trial), {
  'bionas.attempt': attempt,
});
if (code === EXIT.done) await rehearsal?.write(directory, process.resourceUsage().maxRSS * 1024);
await close();
// A sum that others never come to still holds its thread.
if (code === EXIT.peerLost) exitAtOnce(code);
// Worker threads and TensorFlow's pools end with the process; waiting for them would only delay the next trial.
process.exit(code);
