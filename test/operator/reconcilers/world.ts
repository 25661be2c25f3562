// A world for the reconcilers' tests: an API server, caches that may lag behind it, a ledger; every call is noted and may fail.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import {
  type Bus,
  type OtherSearches,
  PODS,
  type Pod,
  SEARCHES,
  TRIALS,
} from '../../../operator/reconcilers/index.ts';
import { Turnaround } from '../../../operator/reconcilers/observing/index.ts';
import { askingSearch, OWNER_INDEX, POD_INDEXES } from '../../../operator/reconcilers/of-search.ts';
import { createSearchReconciler } from '../../../operator/reconcilers/search/reconciler.ts';
import {
  createTrialReconciler,
  DEADLINES,
  Farewells,
  ReportInbox,
} from '../../../operator/reconcilers/trial/index.ts';
import {
  AlreadyExistsError,
  byOwnerUid,
  ClockSteps,
  ConflictError,
  type EventRecorder,
  type IndexFunction,
  type KubernetesObject,
  keyOf,
  keyText,
  type Live,
  type Metrics,
  NotFoundError,
  noMetrics,
  noTracer,
  ObjectCache,
  type ObjectClient,
  type ObjectKey,
  type ObjectKind,
  type Reconciler,
  silentLogger,
  type Tracer,
} from '../../../operator/runtime/index.ts';
import { FakeClock } from '../runtime/fake-clock.ts';
import { MemoryLedger } from './memory-ledger.ts';

/** The operator's process ends in the middle of a call. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Decides the fate of a call: go through, or crash before or after it has taken effect. */
export type Fate = (call: string) => 'go' | 'crash before' | 'crash after';

class Kind<T extends KubernetesObject> {
  readonly objects = new Map<string, Live<T>>();
  readonly cache: ObjectCache<T>;
  readonly #unseen: (() => void)[] = [];

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    this.cache = new ObjectCache<T>({ [OWNER_INDEX]: byOwnerUid, ...indexes });
  }

  /** Makes it exist, as it is, for everyone. */
  put({ object }: { readonly object: Live<T> }): void {
    this.change(object, false);
  }

  change(object: Live<T>, lags: boolean, isGone = false): void {
    const key = keyText(keyOf(object));
    if (isGone) this.objects.delete(key);
    else this.objects.set(key, object);
    this.#unseen.push(() => void (isGone ? this.cache.remove(object) : this.cache.set(object)));
    if (!lags) this.catchUp();
  }

  /** The informer sees the oldest changes it has not seen. */
  catchUp(count = this.#unseen.length): void {
    for (const see of this.#unseen.splice(0, count)) see();
  }
}

const NO_BUS: Bus = { async *subscribe() {} };

const merged = (object: { spec?: unknown }, { spec }: { spec?: unknown }) =>
  spec === undefined ? {} : { spec: { ...(object.spec as object), ...(spec as object) } };

export class World {
  readonly clock = new FakeClock();
  readonly steps = new ClockSteps(this.clock);
  readonly searches = new Kind<BioNASSearch>();
  readonly trials = new Kind<Trial>();
  readonly pods = new Kind<Pod>(POD_INDEXES);
  readonly ledger = new MemoryLedger((call, effect) => this.#through(call, effect));
  /** Every write of the operator, such as `create Trial night-0000`. */
  readonly calls: string[] = [];
  /** Events, such as `Warning TrainerFailed of night-0`. */
  readonly happenings: string[] = [];
  readonly events: EventRecorder = {
    record: ({ metadata }, { type, reason }) =>
      void this.happenings.push(`${type} ${reason} of ${metadata.name}`),
  };
  readonly farewells = new Farewells();
  /** Caches see changes only when they are told to catch up. */
  lags = false;
  fate: Fate = () => 'go';
  metrics: Metrics = noMetrics;
  tracer: Tracer = noTracer;
  others: OtherSearches = { find: async () => ({ missing: 'is not there' }) };
  #version = 1;

  catchUp(count?: number): void {
    for (const kind of [this.searches, this.trials, this.pods]) kind.catchUp(count);
  }

  async #through<R>(call: string, effect: () => R): Promise<R> {
    const fate = this.fate(call);
    if (fate === 'crash before') throw new Crash(`before ${call}`);
    this.calls.push(call);
    const result = effect();
    if (fate === 'crash after') throw new Crash(`after ${call}`);
    return result;
  }

  #next<T extends KubernetesObject>(kind: Kind<T>, object: T): Live<T> {
    const { uid = `${object.metadata.name}-${this.#version}`, ...metadata } = object.metadata;
    const resourceVersion = String(++this.#version);
    const creationTimestamp = new Date(this.clock.now()).toISOString();
    const live = {
      ...structuredClone(object),
      metadata: { creationTimestamp, generation: 1, ...metadata, uid, resourceVersion },
    } as Live<T>;
    kind.change(live, this.lags);
    return live;
  }

  /** As a user or a kubelet writes: never fails, is not noted. */
  change<T extends KubernetesObject>(kind: Kind<T>, name: string, fields: Partial<T>): void {
    const object = kind.objects.get(`default/${name}`);
    if (object === undefined) throw new NotFoundError(name);
    this.#next(kind, { ...object, ...fields });
  }

  remove<T extends KubernetesObject>(kind: Kind<T>, name: string): void {
    const object = kind.objects.get(`default/${name}`);
    if (object !== undefined) kind.change(object, this.lags, true);
  }

  client<T extends KubernetesObject>(
    kind: Kind<T>,
    { kind: word }: ObjectKind<T>,
  ): ObjectClient<T> {
    const found = (key: ObjectKey) => {
      const object = kind.objects.get(keyText(key));
      if (object === undefined) throw new NotFoundError(keyText(key));
      return object;
    };
    const unused = () => {
      throw new Error('no reconciler calls this');
    };
    return {
      list: unused,
      watch: unused,
      patch: (key, patch, { resourceVersion } = {}) =>
        this.#through(`patch ${word} ${key.name}`, () => {
          const object = found(key);
          if (
            (resourceVersion ?? object.metadata.resourceVersion) !== object.metadata.resourceVersion
          )
            throw new ConflictError(word);
          const metadata = { ...object.metadata, ...(patch.metadata as object) };
          const next = this.#next(kind, { ...object, ...merged(object, patch), metadata });
          const { deletionTimestamp, finalizers = [] } = next.metadata;
          if (deletionTimestamp !== undefined && finalizers.length === 0)
            kind.change(next, this.lags, true);
          return next;
        }),
      get: (key) => this.#through(`get ${word} ${key.name}`, () => found(key)),
      create: (object) =>
        this.#through(`create ${word} ${object.metadata.name}`, () => {
          if (kind.objects.has(keyText(keyOf(object)))) throw new AlreadyExistsError(word);
          return this.#next(kind, object);
        }),
      patchStatus: (key, status, { resourceVersion } = {}) =>
        this.#through(`status of ${word} ${key.name}`, () => {
          const object = found(key);
          if (
            (resourceVersion ?? object.metadata.resourceVersion) !== object.metadata.resourceVersion
          )
            throw new ConflictError(word);
          const merged = Object.entries({ ...(object.status as object), ...status });
          const kept = Object.fromEntries(merged.filter(([, value]) => value !== null));
          return this.#next(kind, { ...object, status: kept });
        }),
      delete: (key) =>
        this.#through(`delete ${word} ${key.name}`, () => kind.change(found(key), this.lags, true)),
    };
  }

  searchReconciler(): Reconciler {
    return createSearchReconciler({
      searches: this.searches.cache,
      searchClient: this.client(this.searches, SEARCHES),
      trials: this.trials.cache,
      trialClient: this.client(this.trials, TRIALS),
      pods: this.pods.cache,
      ledger: this.ledger,
      leftovers: this.ledger,
      clock: this.clock,
      steps: this.steps,
      trainer: {},
      others: this.others,
      events: this.events,
      tracer: this.tracer,
      turnaround: new Turnaround({ clock: this.clock, metrics: this.metrics }),
    });
  }

  /** Reports that a test has waiting; silence is as old as the inbox. */
  trialReconciler(reports: Partial<ReportInbox> = {}): Reconciler {
    const inbox = this.inbox();
    return createTrialReconciler({
      trials: this.trials.cache,
      trialClient: this.client(this.trials, TRIALS),
      pods: this.pods.cache,
      podClient: this.client(this.pods, PODS),
      inbox: {
        pending: (uid) => inbox.pending(uid),
        settle: (uid, done) => inbox.settle(uid, done),
        heard: (uid) => inbox.heard(uid),
        hearingSince: () => inbox.hearingSince(),
        forget: (uid) => inbox.forget(uid),
        ...reports,
      },
      clock: this.clock,
      steps: this.steps,
      deadlines: DEADLINES,
      events: this.events,
      metrics: this.metrics,
      tracer: this.tracer,
      trainer: {
        image: 'trainer:1',
        command: ['train'],
        env: () => [],
        terminationGracePeriodSeconds: 10,
      },
      farewells: this.farewells,
      ...askingSearch(
        { searches: this.searches.cache, trials: this.trials.cache, pods: this.pods.cache },
        { now: () => this.clock.now() },
      ),
    });
  }

  inbox(bus: Bus = NO_BUS): ReportInbox {
    return new ReportInbox({
      bus,
      subject: '>',
      clock: this.clock,
      steps: this.steps,
      logger: silentLogger,
      metrics: noMetrics,
      keyOf: (uid) =>
        this.trials.cache
          .list()
          .filter(({ metadata }) => metadata.uid === uid)
          .map(keyOf)[0],
      knowsAll: () => true,
    });
  }
}

const context = { signal: new AbortController().signal, logger: silentLogger };

export const reconcile = (reconciler: Reconciler, name: string) =>
  reconciler.reconcile({ namespace: 'default', name }, context);
