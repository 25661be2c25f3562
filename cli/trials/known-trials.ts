// All that is known of a search's trials: those that ended, from its history, and those that live, from their objects.
import type { BioNASSearch, RankedTrial, Trial } from '../../crds/index.ts';
import { textHash } from '../../crds/index.ts';
import { isFinished, recordOf } from '../../operator/reconcilers/index.ts';
import type { FoundSearch, LedgerPlace } from '../place/index.ts';
import { finishedTrial, type ResultTrial, unfinishedTrial } from '../result/index.ts';

export interface KnownTrials {
  /** By index. */
  readonly trials: readonly ResultTrial[];
  /** Search trials that ended and of which nothing is known here but their number: their objects are gone, and no ledger is in reach. */
  readonly missing: number;
  /** Objects that are there. */
  readonly objects: readonly Trial[];
}

export const knownTrials = (found: FoundSearch): Promise<KnownTrials> =>
  new TrialReader().read(found);

/** Looks at one search again and again, and reads of its history each time what is new. */
export class TrialReader {
  /** By name. */
  readonly #ended = new Map<string, ResultTrial>();
  #place: LedgerPlace = 0;

  /** Trials that had ended at an earlier look are the same objects again. */
  async read(found: FoundSearch): Promise<KnownTrials> {
    const epochsOf = (await found.liveEpochs?.()) ?? (() => []);
    // First the objects: what ends meanwhile is in the history by then.
    const objects = await found.trials();
    const hasHistory = await this.#readHistory(found);
    const living = objects
      .filter(({ metadata }) => !this.#ended.has(metadata.name))
      .map((object) => placed(ofObject(object, found, { epochsOf }), found));
    for (const trial of living) if (hasEnded(trial.state)) this.#ended.set(trial.name, trial);
    const trials = new Map(this.#ended);
    for (const trial of living) trials.set(trial.name, trial);
    for (const ranked of hasHistory ? [] : rankedIn(found.search))
      if (!trials.has(ranked.trial)) trials.set(ranked.trial, ofRanked(ranked));
    const byIndex = [...trials.values()].toSorted((a, b) => a.index - b.index);
    return { trials: byIndex, missing: missingOf(found.search, byIndex), objects };
  }

  /** Whether it is in reach. */
  async #readHistory(found: FoundSearch): Promise<boolean> {
    const { directory = '' } = found;
    const records = found.recordsFrom(this.#place);
    for await (const { record, place } of records ?? []) {
      this.#place = place;
      if (!this.#ended.has(record.name))
        this.#ended.set(record.name, placed(finishedTrial(record, { directory }), found));
    }
    return records !== undefined;
  }
}

/** On a cluster no file is named by a path of this machine. */
function placed(trial: ResultTrial, { directory }: FoundSearch): ResultTrial {
  if (directory !== undefined) return trial;
  const { log: _, ...artifacts } = trial.artifacts;
  return { ...trial, artifacts };
}

function ofObject(
  trial: Trial,
  { search, directory = '' }: FoundSearch,
  told: Parameters<typeof unfinishedTrial>[1],
): ResultTrial {
  if (!isFinished(trial.status)) return unfinishedTrial(trial, told);
  const of = { search: search.metadata.uid ?? '', aims: search.spec };
  return finishedTrial(recordOf(trial, of), { directory });
}

/** What the status of a search keeps of trials whose objects are gone. */
const rankedIn = ({ status }: BioNASSearch): readonly RankedTrial[] => [
  ...(status?.best ?? []),
  ...(status?.pareto ?? []),
];

function ofRanked({ trial, index, genotype, objectives }: RankedTrial): ResultTrial {
  const [score] = objectives;
  return {
    name: trial,
    index,
    purpose: 'Search',
    state: 'Trained',
    genotype,
    hash: textHash(genotype),
    seed: 0,
    ...(score === undefined ? {} : { score }),
    objectives: [...objectives],
    cost: { deviceSeconds: 0, attempts: 0 },
    epochs: [],
    artifacts: {},
  };
}

function missingOf({ status }: BioNASSearch, known: readonly ResultTrial[]): number {
  const { succeeded = 0, failed = 0 } = status?.trials ?? {};
  const ended = known.filter(({ purpose, state }) => purpose === 'Search' && hasEnded(state));
  return Math.max(0, succeeded + failed - ended.length);
}

export const hasEnded = (state: ResultTrial['state']): boolean =>
  state !== 'Waiting' && state !== 'Running' && state !== 'Paused';

/** What to tell of trials that are missing; undefined where none is. */
export const missingNote = ({ missing }: KnownTrials): string | undefined =>
  missing === 0
    ? undefined
    : `${missing} trials that ended are not shown: their objects are gone; --nats (or $NATS_URL) reads them from the ledger`;
