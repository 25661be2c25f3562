// Every informer and controller of the operator, listed once: the same on a laptop and on a cluster.
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import {
  byOwnerUid,
  type Clock,
  ClockSteps,
  Controller,
  controllerOf,
  controllerOfEach,
  type EventRecorder,
  eachObject,
  type IndexFunction,
  Informer,
  type KubernetesObject,
  keyOf,
  keyText,
  type Live,
  type Logger,
  type Metrics,
  type ObjectClients,
  type ObjectKey,
  type ObjectKind,
  type Runnable,
  type Tracer,
  traceIdOf,
  writeThrough,
} from '../runtime/index.ts';
import { NETWORK_POLICIES, PODS, type Pod, SEARCHES, SERVICES, TRIALS } from './objects.ts';
import {
  countingConflicts,
  createFleetGauges,
  Turnaround,
  tracedCreates,
  tracedTrainer,
} from './observing/index.ts';
import { askingSearch, OWNER_INDEX, POD_INDEXES } from './of-search.ts';
import type { Bus, Ledger, Leftovers, OtherSearches } from './ports.ts';
import { createSearchReconciler, createSweep } from './search/index.ts';
import {
  createTrialReconciler,
  DEADLINES,
  Farewells,
  ReportInbox,
  type ReportWatcher,
  type TrainerDefaults,
} from './trial/index.ts';
import { heldSiblings, trialsOfEach } from './trial-sources.ts';

export interface ControllersOptions {
  readonly clients: ObjectClients;
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly leftovers: Leftovers;
  readonly others: OtherSearches;
  readonly trainer: TrainerDefaults;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly random: () => number;
  readonly events: EventRecorder;
  /** Whether searches are carried out whoever is named as their manager: there is no other here. */
  readonly all?: boolean;
  /** The one namespace to work in; all when left out. */
  readonly namespace?: string | undefined;
  /** Sees every well-formed report. */
  readonly watch?: ReportWatcher;
}

export interface Controllers {
  readonly searches: Informer<BioNASSearch>;
  readonly trials: Informer<Trial>;
  readonly pods: Informer<Pod>;
  readonly controllers: readonly Runnable[];
  readonly inbox: ReportInbox;
  /** Sets the gauges of how everything stands now. */
  measure(): void;
}

/** First part of every subject that trainers report on. */
export const REPORT_SUBJECTS = 'bionas.>';
const UID_INDEX = 'uid';
const SEARCH_WORKERS = 4;
const TRIAL_WORKERS = 8;

export function createControllers(options: ControllersOptions): Controllers {
  const { clock, logger, metrics, leftovers, all = false } = options;
  const searches = informer(SEARCHES, options);
  const trials = informer(TRIALS, options);
  const pods = informer(PODS, options, POD_INDEXES);
  const steps = new ClockSteps(clock);
  const caches = { searches: searches.cache, trials: trials.cache, pods: pods.cache };
  const search = askingSearch(caches, { now: () => clock.now(), all });
  const turnaround = new Turnaround({ clock, metrics });
  const inbox = createInbox({ searches, trials, steps, turnaround, search }, options);
  const parts = { searches, trials, pods, inbox, steps, turnaround, search };
  const gauge = createFleetGauges(metrics);
  const sweep = createSweep({
    searches: searches.cache,
    index: UID_INDEX,
    leftovers,
    clock,
    logger,
  });
  return {
    searches,
    trials,
    pods,
    inbox,
    measure: () =>
      gauge({
        searches: searches.cache.list(),
        trials: trials.cache.list(),
        pods: pods.cache.list(),
        heard: (trial) => inbox.heard(trial),
        nowMs: clock.now(),
      }),
    controllers: [
      searchController(parts, options),
      trialController(parts, options),
      // Who sees one namespace only cannot tell a deleted search from one of another namespace.
      ...(options.namespace === undefined ? [sweep] : []),
    ],
  };
}

interface Parts extends Omit<Controllers, 'controllers' | 'measure'> {
  readonly steps: ClockSteps;
  readonly turnaround: Turnaround;
  readonly search: ReturnType<typeof askingSearch>;
}

function createInbox(
  { searches, trials, steps, turnaround, search }: Omit<Parts, 'pods' | 'inbox'>,
  { bus, clock, logger, metrics, watch, events }: ControllersOptions,
): ReportInbox {
  return new ReportInbox({
    bus,
    subject: REPORT_SUBJECTS,
    clock,
    steps,
    logger,
    metrics,
    keyOf: (uid) => trials.cache.byIndex(UID_INDEX, uid).filter(search.isOurs).map(keyOf)[0],
    knowsAll: () => trials.hasSynced,
    ...(watch === undefined ? {} : { watch }),
    arrived: (trial) => turnaround.arrived(trial),
    refused: (subject, why) => {
      const [, namespace = '', name = ''] = subject.split('.');
      const known = searches.cache.get({ namespace, name });
      const happening = { type: 'Warning', reason: 'ReportRefused', message: why } as const;
      if (known !== undefined) events.record(known, happening);
    },
  });
}

function informer<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  { clients, clock, logger, metrics, random, namespace }: ControllersOptions,
  more: Readonly<Record<string, IndexFunction<T>>> = {},
): Informer<T> {
  return new Informer<T>({
    kind,
    reader: clients.of(kind),
    clock,
    logger,
    metrics,
    random,
    namespace,
    indexes: { [OWNER_INDEX]: byOwnerUid, [UID_INDEX]: ({ metadata }) => [metadata.uid], ...more },
  });
}

function searchController(
  { searches, trials, pods, steps, turnaround }: Parts,
  options: ControllersOptions,
): Controller {
  const { clients, leftovers, others, trainer, clock, logger, metrics, events, tracer, all } =
    options;
  const trialClient = writeThrough(clients.of(TRIALS), trials);
  const reconciler = createSearchReconciler({
    searches: searches.cache,
    searchClient: writeThrough(clients.of(SEARCHES), searches),
    trials: trials.cache,
    trialClient: tracedCreates(trialClient, { clock, tracer, of: ({ metadata }) => metadata.uid }),
    pods: pods.cache,
    ...(all === undefined ? {} : { all }),
    ledger: countingConflicts(options.ledger, metrics),
    leftovers,
    others,
    clock,
    steps,
    turnaround,
    trainer,
    events,
    tracer,
  });
  const sources = [eachObject(searches), controllerOfEach(trials, SEARCHES)];
  const about = (key: ObjectKey) => aboutSearch(searches.cache.get(key));
  const shared = { group: keyText, workers: SEARCH_WORKERS, about };
  return new Controller({ name: 'search', reconciler, sources, clock, logger, metrics, ...shared });
}

function trialController(
  { searches, trials, pods, inbox, steps, search }: Parts,
  { clients, trainer, clock, logger, metrics, events, tracer }: ControllersOptions,
): Controller {
  const ofSearch = (uid: string) => trials.cache.byIndex(OWNER_INDEX, uid);
  const farewells = new Farewells();
  pods.addHandler(({ type, object }) => {
    if (type === 'deleted') farewells.note(object);
  });
  const reconciler = createTrialReconciler({
    trials: trials.cache,
    trialClient: writeThrough(clients.of(TRIALS), trials),
    pods: pods.cache,
    podClient: tracedCreates(writeThrough(clients.of(PODS), pods), {
      clock,
      tracer,
      of: (pod) => controllerOf(pod)?.uid,
    }),
    ...(trainer.named === true ? { meetingClients: meetingClients(clients) } : {}),
    inbox,
    clock,
    steps,
    trainer: tracedTrainer(trainer, tracer),
    events,
    metrics,
    tracer,
    farewells,
    ...search,
    deadlines: DEADLINES,
  });
  const sources = [
    eachObject(trials),
    controllerOfEach(pods, TRIALS),
    trialsOfEach(searches, ofSearch),
    heldSiblings(trials, ofSearch),
    inbox,
  ];
  // One search's flood of trials, or its failures, does not delay another's.
  const group = (key: ObjectKey) =>
    `${key.namespace}/${trials.cache.get(key)?.spec.search ?? key.name}`;
  const about = (key: ObjectKey) => aboutTrial(trials.cache.get(key));
  const shared = { group, workers: TRIAL_WORKERS, about };
  return new Controller({ name: 'trial', reconciler, sources, clock, logger, metrics, ...shared });
}

const meetingClients = (clients: ObjectClients) => ({
  services: clients.of(SERVICES),
  policies: clients.of(NETWORK_POLICIES),
});

/** What each line of log about it carries. */
const aboutSearch = (search: Live<BioNASSearch> | undefined) =>
  search === undefined
    ? {}
    : { search: search.metadata.name, trace_id: traceIdOf(search.metadata.uid) };

const aboutTrial = (trial: Live<Trial> | undefined) =>
  trial === undefined
    ? {}
    : {
        search: trial.spec.search,
        trial: trial.metadata.name,
        trace_id: traceIdOf(trial.metadata.uid),
      };
