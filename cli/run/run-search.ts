// One local search from the manifest to its end: operator, view, and what is left behind. Composition for `bionas run`.
import { randomUUID } from 'node:crypto';
import { type BioNASSearch, finalTrialCount } from '../../crds/index.ts';
import { isTrue, type OtherSearches, SEARCHES } from '../../operator/reconcilers/index.ts';
import { type Logger, noTracer, systemClock, type Tracer } from '../../operator/runtime/index.ts';
import {
  type RunDirectory,
  readLiveEpochs,
  removeLiveEpochs,
  takeEdits,
  takeRunDirectory,
} from '../run-directory/index.ts';
import { troubleLogger } from '../trouble-logger.ts';
import { applySearch, editedFields } from './apply-search.ts';
import { epochLeaver } from './epoch-leaver.ts';
import { LiveTrials } from './live-trials.ts';
import { createLocalOperator, type LocalOperator } from './local-operator.ts';
import { checkOther } from './other-run.ts';
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
  /** Where spec.warmStart.search is found. */
  readonly others: OtherSearches;
  readonly logger?: Logger;
  readonly tracer?: Tracer;
}

export interface RunOutcome {
  readonly kind: 'completed' | 'failed' | 'interrupted';
  readonly search: BioNASSearch;
  readonly operator: LocalOperator;
  readonly directory: RunDirectory;
}

const REDRAW_MS = 250;

/**
 * Runs until the search has ended or the signal aborts. `finish` is given the outcome when no trainer runs any more, while
 * the directory is still held.
 */
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
      finalTrials: finalTrialCount(manifest.spec.final),
      clock: systemClock,
      logger: options.logger ?? troubleLogger((line) => options.view.note(line)),
      tracer: options.tracer ?? noTracer,
      live: new LiveTrials(await readLiveEpochs(root)),
      random: Math.random,
      newUid: randomUUID,
    });
    const isNew = (await operator.ledger.searches()).length === 0;
    if (isNew) await checkOther(manifest, options.others, systemClock.now());
    const applied = await applySearch(operator.store.of(SEARCHES), manifest);
    for (const field of editedFields(applied, manifest))
      options.view.note(`spec.${field} is as it was edited, and not as the manifest has it`);
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, options.signal]);
    const running = operator.run(signal);
    // Whatever breaks ends the watching; `await running` below throws it.
    running.catch(() => stop.abort());
    const leaveEpochs = epochLeaver(root, operator, systemClock);
    const watching = { ...options, leaveEpochs, signal };
    const { kind, search } = await watch(applied, operator, watching);
    if (kind === 'interrupted' && options.signal.aborted)
      options.view.note('stopping: trainers write their checkpoints (Ctrl-C again: at once)');
    stop.abort();
    await running;
    // Trainers have told of more while they ended.
    await leaveEpochs({ atOnce: true });
    await finish({ kind, search, operator, directory });
    if (kind !== 'interrupted') await removeLiveEpochs(root);
    return kind;
  } finally {
    await directory.release();
  }
}

const HOW_TO_GO_ON =
  'suspended: bionas resume with this directory, from another shell, lets it go on';

interface Watching extends RunSearchOptions {
  readonly leaveEpochs: ReturnType<typeof epochLeaver>;
}

async function watch(
  applied: BioNASSearch,
  operator: LocalOperator,
  { root, view, signal, slots, leaveEpochs }: Watching,
): Promise<Pick<RunOutcome, 'kind' | 'search'>> {
  const { name, namespace = '' } = applied.metadata;
  const clock = systemClock;
  const { live } = operator;
  const tell = noteOnce(view);
  for (;;) {
    for (const refusal of await takeEdits(root, operator.store.of(SEARCHES), applied))
      view.note(refusal);
    const search = operator.searches.cache.get({ namespace, name }) ?? applied;
    const trials = operator.trials.cache.list();
    await leaveEpochs();
    view.update(snapshot({ search, trials, live, slots, now: clock.now() }));
    if (isTrue(search.status?.conditions, 'Completed')) return { kind: 'completed', search };
    if (isTrue(search.status?.conditions, 'Failed')) return { kind: 'failed', search };
    if (signal.aborted) return { kind: 'interrupted', search };
    tell(search.status?.phase === 'Suspended' ? HOW_TO_GO_ON : undefined);
    await clock.sleep(REDRAW_MS, signal).catch(() => undefined);
  }
}

/** Notes what holds from now on, once. */
function noteOnce(view: View): (line: string | undefined) => void {
  let told: string | undefined;
  return (line) => {
    if (line !== undefined && line !== told) view.note(line);
    told = line;
  };
}
