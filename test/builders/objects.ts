// Live objects for tests of the reconcilers: a search, a trial at any point of its life, the Pod of one of its attempts.
import {
  BioNASSearch,
  type Report,
  Trial,
  type TrialResult,
  type TrialStatus,
} from '../../crds/index.ts';
import type { Judgement } from '../../operator/reconcilers/conditions.ts';
import type { Pod, PodStatus } from '../../operator/reconcilers/index.ts';
import {
  emptyStatus,
  markFinished,
  markRunning,
  markWaiting,
} from '../../operator/reconcilers/trial/status.ts';
import type { Live } from '../../operator/runtime/index.ts';
import { makeSearchManifest, makeTrialManifest } from './manifest.ts';

/** When everything in these tests begins. */
export const START_MS = Date.UTC(2030, 0, 1);
export const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();
export const judgedAt = (seconds: number): Judgement => ({ generation: 1, now: at(seconds) });

const identity = (name: string, uid: string) => ({
  name,
  namespace: 'default',
  uid,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: at(0),
});

/** `night`, a search for two networks of NAS-Bench-201 and no final stage, one at a time; `spec` replaces whole fields. */
export function makeSearch(spec: Record<string, unknown> = {}): Live<BioNASSearch> {
  const small = {
    algorithm: { name: 'random' },
    budget: { trials: 2 },
    final: { topK: 0 },
  };
  const parsed = BioNASSearch.parse(makeSearchManifest({ ...small, ...spec }));
  return { ...parsed, metadata: identity('night', 'night-uid') };
}

/** What a trainer found. */
export function makeResult(
  metrics: Partial<TrialResult['metrics']> = {},
  outcome: TrialResult['outcome'] = 'Trained',
): TrialResult {
  const size = { parameters: 1000, macs: 5000, picturesPerSecond: 100, seconds: 1 };
  return {
    outcome,
    metrics: { accuracy: 0.9, loss: 0.3, ...size, ...metrics },
    epochs: [],
    artifacts: {},
    executor: { executor: 'none', library: 'none', device: 'none' },
  };
}

/** A curve that rises evenly to its last value. */
export const makeEpochs = (count: number, last: number): TrialResult['epochs'] =>
  Array.from({ length: count }, (_, at) => ({
    epoch: at + 1,
    loss: 1 / (at + 1),
    accuracy: 0.6,
    validationAccuracy: (last * (at + 1)) / count,
    learningRate: 0.05,
    seconds: 10,
    picturesPerSecond: 1000,
  }));

/** A Trial of `night`, with the moves that bring it where a test wants it. */
export class TrialBuilder {
  readonly object: Live<Trial>;

  constructor(object: Live<Trial>) {
    this.object = object;
  }

  #with(change: (status: TrialStatus) => TrialStatus): TrialBuilder {
    return new TrialBuilder({
      ...this.object,
      status: change(this.object.status ?? emptyStatus()),
    });
  }

  waiting(): TrialBuilder {
    const why = { reason: 'Pending', message: 'waits for a Pod' } as const;
    return this.#with((status) => markWaiting(status, why, judgedAt(0)));
  }

  running(since = 0): TrialBuilder {
    return this.#with((status) => markRunning(status, judgedAt(since)));
  }

  atAttempt(attempt: number): TrialBuilder {
    return this.#with((status) => ({ ...status, attempt }));
  }

  afterRetries(retries: number): TrialBuilder {
    return this.#with((status) => ({ ...status, retries }));
  }

  used(deviceSeconds: number): TrialBuilder {
    return this.#with((status) => ({ ...status, deviceSeconds }));
  }

  withResult(result = makeResult()): TrialBuilder {
    return this.#with((status) => ({ ...status, result }));
  }

  succeeded(second = 60): TrialBuilder {
    const end = { condition: 'Succeeded', reason: 'Trained', message: 'trained' } as const;
    return this.#with((status) => markFinished(status, end, judgedAt(second)));
  }
}

export function makeTrial(spec: Record<string, unknown> = {}): TrialBuilder {
  const parsed = Trial.parse(makeTrialManifest(spec));
  const owner = { apiVersion: 'bionas.dev/v1alpha1', kind: 'BioNASSearch', name: 'night' };
  const ownerReferences = [{ ...owner, uid: 'night-uid', controller: true }];
  const metadata = { ...identity('night-0', 'night-0-uid'), ownerReferences };
  return new TrialBuilder({ ...parsed, metadata });
}

type Terminated = NonNullable<
  NonNullable<NonNullable<PodStatus['containerStatuses']>[number]['state']>['terminated']
>;

/** The Pod of an attempt of `night-0`. */
export class PodBuilder {
  readonly object: Live<Pod>;

  constructor(object: Live<Pod>) {
    this.object = object;
  }

  #with(status: PodStatus, metadata = {}): PodBuilder {
    const { object } = this;
    return new PodBuilder({
      ...object,
      metadata: { ...object.metadata, ...metadata },
      status: { ...object.status, ...status },
    });
  }

  running(since = 0): PodBuilder {
    const state = { running: { startedAt: at(since) } };
    return this.#with({ phase: 'Running', containerStatuses: [{ name: 'trainer', state }] });
  }

  /** By exit code; `from` and `to` are seconds. */
  ended(
    exitCode: number,
    { from = 0, to = 10, ...more }: Partial<Terminated> & { from?: number; to?: number } = {},
  ): PodBuilder {
    const times = { startedAt: at(from), finishedAt: at(to) };
    const state = { terminated: { exitCode, ...times, ...more } };
    const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
    return this.#with({ phase, containerStatuses: [{ name: 'trainer', state }] });
  }

  /** Failed without a word of its container. */
  lost(reason: string): PodBuilder {
    return this.#with({ phase: 'Failed', reason });
  }

  disrupted(reason?: string, type = 'DisruptionTarget'): PodBuilder {
    const why = reason === undefined ? {} : { reason };
    return this.#with({ conditions: [{ type, status: 'True', ...why }] });
  }

  /** Of the search `night`, on a node. */
  on(nodeName: string): PodBuilder {
    const { object } = this;
    const labels = { ...object.metadata.labels, 'bionas.dev/search': 'night' };
    const metadata = { ...object.metadata, labels };
    return new PodBuilder({ ...object, metadata, spec: { ...object.spec, nodeName } });
  }

  named(name: string): PodBuilder {
    return this.#with({}, { name, uid: `${name}-uid` });
  }

  deleting(): PodBuilder {
    return this.#with({}, { deletionTimestamp: at(0) });
  }
}

export function makePod(attempt = 0, owner = 'night-0-uid'): PodBuilder {
  const trial = { apiVersion: 'bionas.dev/v1alpha1', kind: 'Trial', name: 'night-0' };
  const name = `night-0-${attempt}`;
  const ownerReferences = [{ ...trial, uid: owner, controller: true }];
  const metadata = { ...identity(name, `${name}-uid`), ownerReferences };
  return new PodBuilder({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [{ name: 'trainer' }] },
    status: { phase: 'Pending' },
  });
}

/** A report of an attempt of `night-0`. */
export function makeReport(body: Report['body'], attempt = 0): Report {
  return { trial: 'night-0-uid', attempt, sequence: 0, body };
}

export const resultReport = (result = makeResult(), attempt = 0): Report =>
  makeReport({ kind: 'result', result }, attempt);

export const failureReport = (message: string, attempt = 0): Report =>
  makeReport({ kind: 'failure', reason: 'TrainerFailed', message }, attempt);
