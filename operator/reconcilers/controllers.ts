// Every informer and controller of the operator, listed once: the same on a laptop and on a cluster.
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import {
  byOwnerUid,
  type Clock,
  Controller,
  controllerOfEach,
  eachObject,
  Informer,
  type KubernetesObject,
  keyOf,
  type Logger,
  type Metrics,
  type ObjectClients,
  type ObjectKind,
} from '../runtime/index.ts';
import { PODS, type Pod, SEARCHES, TRIALS } from './objects.ts';
import type { Bus, Ledger } from './ports.ts';
import { createSearchReconciler, OWNER_INDEX } from './search/index.ts';
import {
  createTrialReconciler,
  ReportInbox,
  type ReportWatcher,
  type TrainerDefaults,
} from './trial/index.ts';

export interface ControllersOptions {
  readonly clients: ObjectClients;
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly trainer: TrainerDefaults;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random: () => number;
  /** Sees every well-formed report. */
  readonly watch?: ReportWatcher;
}

export interface Controllers {
  readonly searches: Informer<BioNASSearch>;
  readonly trials: Informer<Trial>;
  readonly pods: Informer<Pod>;
  readonly controllers: readonly Controller[];
  readonly inbox: ReportInbox;
}

/** First part of every subject that trainers report on. */
export const REPORT_SUBJECTS = 'bionas.>';
const UID_INDEX = 'uid';
const TRIAL_WORKERS = 4;
/** Attempts that may fail by the trial's own fault before it is given up. */
const RETRY_LIMIT = 1;

export function createControllers(options: ControllersOptions): Controllers {
  const { bus, logger, metrics, watch } = options;
  const searches = informer(SEARCHES, options);
  const trials = informer(TRIALS, options);
  const pods = informer(PODS, options);
  const inbox = new ReportInbox({
    bus,
    subject: REPORT_SUBJECTS,
    logger,
    metrics,
    keyOf: (uid) => trials.cache.byIndex(UID_INDEX, uid).map(keyOf)[0],
    knowsAll: () => trials.hasSynced,
    ...(watch === undefined ? {} : { watch }),
  });
  const parts = { searches, trials, pods, inbox };
  return {
    ...parts,
    controllers: [searchController(parts, options), trialController(parts, options)],
  };
}

type Parts = Omit<Controllers, 'controllers'>;

function informer<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  { clients, clock, logger, random }: ControllersOptions,
): Informer<T> {
  return new Informer<T>({
    kind,
    reader: clients.of(kind),
    clock,
    logger,
    random,
    indexes: { [OWNER_INDEX]: byOwnerUid, [UID_INDEX]: ({ metadata }) => [metadata.uid] },
  });
}

function searchController(
  { searches, trials }: Parts,
  { clients, ledger, clock, logger, metrics }: ControllersOptions,
): Controller {
  const reconciler = createSearchReconciler({
    searches: searches.cache,
    searchClient: clients.of(SEARCHES),
    trials: trials.cache,
    trialClient: clients.of(TRIALS),
    ledger,
    clock,
  });
  const sources = [eachObject(searches), controllerOfEach(trials, SEARCHES)];
  return new Controller({ name: 'search', reconciler, sources, clock, logger, metrics });
}

function trialController(
  { searches, trials, pods, inbox }: Parts,
  { clients, trainer, clock, logger, metrics }: ControllersOptions,
): Controller {
  const searchOf = ({ metadata, spec }: Trial) =>
    searches.cache.get({ namespace: metadata.namespace ?? '', name: spec.search });
  const reconciler = createTrialReconciler({
    trials: trials.cache,
    trialClient: clients.of(TRIALS),
    pods: pods.cache,
    podClient: clients.of(PODS),
    inbox,
    clock,
    trainer,
    isSuspended: (trial) => searchOf(trial)?.spec.suspend ?? false,
    retryLimit: RETRY_LIMIT,
  });
  // An edit of the search (suspend) concerns all its trials.
  const trialsOfSearch = {
    start: (enqueue: (key: ReturnType<typeof keyOf>) => void) =>
      searches.addHandler(({ object }) => {
        for (const trial of trials.cache.byIndex(OWNER_INDEX, object.metadata.uid))
          enqueue(keyOf(trial));
      }),
  };
  const sources = [eachObject(trials), controllerOfEach(pods, TRIALS), trialsOfSearch, inbox];
  return new Controller({
    name: 'trial',
    reconciler,
    sources,
    clock,
    logger,
    metrics,
    workers: TRIAL_WORKERS,
  });
}
