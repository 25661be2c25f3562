// The operator on one machine: the same reconcilers as on a cluster, with objects, bus and ledger in this process and
// Pods as child processes (design D1).
import { join } from 'node:path';
import { type TrialSpec, workersOf } from '../../crds/index.ts';
import {
  FileLedger,
  Kubelet,
  LocalBus,
  ObjectStore,
  oomKills,
  STORED_POD,
} from '../../operator/adapters/local/index.ts';
import {
  type Controllers,
  createControllers,
  groupOf,
  type OtherSearches,
  SEARCHES,
  TRIALS,
  type TrainerDefaults,
} from '../../operator/reconcilers/index.ts';
import {
  type Clock,
  type Logger,
  Manager,
  noEvents,
  noMetrics,
  type Tracer,
} from '../../operator/runtime/index.ts';
import { admission, type RunDirectory } from '../run-directory/index.ts';
import type { LiveTrials } from './live-trials.ts';

export interface LocalOperatorOptions {
  readonly directory: RunDirectory;
  /** Trials at once. */
  readonly slots: number;
  /** Final trials of the search. */
  readonly finalTrials: number;
  /** Compute threads that all trainers share. */
  readonly cores: number;
  readonly trainerCommand: readonly string[];
  /** Directory of data sets and libraries. */
  readonly cache: string;
  /** What every trainer inherits. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly random: () => number;
  readonly newUid: () => string;
  readonly others: OtherSearches;
  /** Takes what the trainers tell. */
  readonly live: LiveTrials;
}

export interface LocalOperator extends Pick<Controllers, 'searches' | 'trials' | 'pods'> {
  readonly store: ObjectStore;
  readonly ledger: FileLedger;
  readonly live: LiveTrials;
  /** Until the signal aborts; then trainers checkpoint and end. */
  run(signal: AbortSignal): Promise<void>;
  /** For the last moment of a process that cannot wait. */
  killAll(): void;
}

const SUBJECT = 'BIONAS_SUBJECT';
/** From SIGTERM to SIGKILL; half of it is the trainer's for its step and checkpoint, also where nobody is left to kill it. */
const GRACE_SECONDS = 10;

export async function createLocalOperator(options: LocalOperatorOptions): Promise<LocalOperator> {
  const { directory, live, clock, logger, tracer, newUid, random, others } = options;
  const store = await ObjectStore.open({
    directory: directory.objects,
    kinds: [
      { kind: SEARCHES, keep: 'disk', admit: admission('BioNASSearch') },
      { kind: TRIALS, keep: 'disk', admit: admission('Trial') },
      STORED_POD,
    ],
    clock,
    newUid,
    logger,
  });
  const ledger = await FileLedger.open(directory.ledger, logger);
  const bus = new LocalBus({ clock });
  const { searches, trials, pods, controllers, inbox } = createControllers({
    clients: store,
    bus,
    ledger,
    leftovers: ledger,
    others,
    trainer: trainerDefaults(options),
    clock,
    logger,
    metrics: noMetrics,
    tracer,
    random,
    events: noEvents,
    all: true,
    watch: (report) => live.take(report),
  });
  const kubelet = createKubelet(options, store, bus);
  const informers = [searches, trials, pods];
  const services = [kubelet, inbox];
  const manager = new Manager({ informers, controllers, services, clock, logger });
  const run = (signal: AbortSignal) => manager.run(signal).finally(() => ledger.close());
  return { store, ledger, searches, trials, pods, live, run, killAll: () => kubelet.killAll() };
}

function trainerDefaults(options: LocalOperatorOptions): TrainerDefaults {
  const { trainerCommand, directory, cache } = options;
  return {
    image: 'local',
    command: trainerCommand,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    env: ({ metadata, spec }, _attempt, rank) => [
      { name: 'BIONAS_WORKDIR', value: join(directory.trial(metadata.name), ...ofWorker(rank)) },
      { name: 'BIONAS_THREADS', value: String(threadsOf(spec, options)) },
      { name: 'BIONAS_CACHE', value: cache },
      { name: 'BIONAS_GRACE_SECONDS', value: String(GRACE_SECONDS / 2) },
      { name: 'BIONAS_BUS', value: 'ipc' },
      { name: SUBJECT, value: `bionas.${metadata.namespace}.${spec.search}.${metadata.uid}` },
    ],
  };
}

/** The first worker's files are the trial's. */
const ofWorker = (rank: number): string[] => (rank === 0 ? [] : [`worker-${rank}`]);

/** Final trials run when nothing else does: where they are fewer than the slots, each gets more. */
function threadsOf(
  { purpose, template }: TrialSpec,
  { cores, slots, finalTrials }: LocalOperatorOptions,
): number {
  const together = purpose === 'Final' ? Math.min(slots, finalTrials) : slots;
  return Math.max(1, Math.floor(cores / Math.max(1, together * workersOf(template))));
}

function createKubelet(options: LocalOperatorOptions, store: ObjectStore, bus: LocalBus): Kubelet {
  const { slots, clock, logger, random, directory, env } = options;
  return new Kubelet({
    clients: store,
    slots,
    groupOf: ({ metadata }) => groupOf(metadata),
    peersVariable: 'BIONAS_PEERS',
    clock,
    logger,
    random,
    subjectVariable: SUBJECT,
    publish: (subject, message) => bus.publish(subject, message),
    oomKills,
    logFile: ({ metadata }) => directory.log(metadata.name),
    env,
  });
}
