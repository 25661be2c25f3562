// One local search from the manifest to its end: operator, view, and what is left behind. Composition for `bionas run`.
import { randomUUID } from 'node:crypto';
import type { BioNASSearch } from '../../crds/index.ts';
import { isTrue, SEARCHES } from '../../operator/reconcilers/index.ts';
import { type Logger, silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { applySearch } from './apply-search.ts';
import { createLocalOperator, type LocalOperator } from './local-operator.ts';
import { takeRunDirectory } from './run-directory.ts';
import { snapshot } from './snapshot.ts';
import type { View } from './view.ts';

export interface RunSearchOptions {
  readonly root: string;
  readonly fresh: boolean;
  readonly slots: number;
  /** Cores that trainers may use together. */
  readonly cores: number;
  readonly cache: string;
  readonly env: Readonly<Record<string, string>>;
  readonly trainerCommand: readonly string[];
  readonly view: View;
  readonly signal: AbortSignal;
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  readonly logger?: Logger;
}

export interface RunOutcome {
  readonly kind: 'completed' | 'failed' | 'interrupted';
  readonly search: BioNASSearch;
  readonly message: string;
  readonly operator: LocalOperator;
}

const REDRAW_MS = 250;

/** Runs until the search has ended or the signal aborts. `finish` is given the outcome while the directory is still held. */
export async function runSearch(
  manifest: BioNASSearch,
  options: RunSearchOptions,
  finish: (outcome: RunOutcome) => Promise<void>,
): Promise<RunOutcome['kind']> {
  const { root, fresh, pid, isAlive } = options;
  const directory = await takeRunDirectory(root, { fresh, pid, isAlive });
  try {
    const operator = await createLocalOperator({
      ...options,
      directory,
      finalTrials: manifest.spec.final.topK,
      clock: systemClock,
      logger: options.logger ?? silentLogger,
      random: Math.random,
      newUid: randomUUID,
    });
    const applied = await applySearch(operator.store.of(SEARCHES), manifest);
    const stop = new AbortController();
    const running = operator.run(AbortSignal.any([stop.signal, options.signal]));
    const outcome = await watch(applied, operator, options);
    await finish(outcome);
    stop.abort();
    await running;
    return outcome.kind;
  } finally {
    await directory.release();
  }
}

async function watch(
  applied: BioNASSearch,
  operator: LocalOperator,
  { view, signal }: RunSearchOptions,
): Promise<RunOutcome> {
  const { name, namespace = '' } = applied.metadata;
  const clock = systemClock;
  for (;;) {
    const search = operator.searches.cache.get({ namespace, name }) ?? applied;
    const trials = operator.trials.cache.list();
    view.update(snapshot({ search, trials, live: operator.live, now: clock.now() }));
    const ended = (['Completed', 'Failed'] as const).find((type) =>
      isTrue(search.status?.conditions, type),
    );
    const message = search.status?.conditions.find(({ type }) => type === ended)?.message ?? '';
    if (ended === 'Completed') return { kind: 'completed', search, message, operator };
    if (ended === 'Failed') return { kind: 'failed', search, message, operator };
    if (signal.aborted) return { kind: 'interrupted', search, message: 'stopped', operator };
    await clock.sleep(REDRAW_MS, signal).catch(() => undefined);
  }
}
