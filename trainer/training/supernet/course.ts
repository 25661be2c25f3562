// What a supernet adds to the loop: epochs that only warm up, what alpha stands for after each, and an end before it collapses.
import {
  type Derived,
  type EpochMetrics,
  printGenotype,
  type Supernet as SupernetSpec,
} from '../../../crds/index.ts';
import type { Session } from '../../executors/index.ts';
import { deriveGenotype, entropyOf, type SupernetCandidate, skipsOf } from '../../network/index.ts';
import type { Course } from '../train-context.ts';
import { evolving } from './evolution.ts';
import { REST } from './method.ts';
import { alphaName } from './supernet-program.ts';

export async function derived(
  session: Session,
  candidates: readonly SupernetCandidate[],
): Promise<Derived> {
  const names = { normal: alphaName('normal'), reduce: alphaName('reduce') };
  const read = await session.read(Object.values(names));
  const alphas = {
    normal: read[names.normal]?.data ?? [],
    reduce: read[names.reduce]?.data ?? [],
  };
  const genotype = deriveGenotype(alphas, { candidates, rest: REST });
  return {
    genotype: printGenotype(genotype),
    entropy: entropyOf(alphas, candidates.length),
    skips: skipsOf(genotype),
  };
}

export const supernetCourse = (
  { warmupEpochs, maximumSkips, evolution }: SupernetSpec,
  session: Session,
  candidates: readonly SupernetCandidate[],
): Course => ({
  ...(evolution === undefined ? {} : { begin: evolving({ warmupEpochs }, evolution) }),
  entryAt: (epoch) => (evolution === undefined && epoch < warmupEpochs ? 'warmup' : 'train'),
  look: async () => ({ derived: await derived(session, candidates) }),
  hasEnded: (history) => hasCollapsed(history.at(-1), maximumSkips),
});

const hasCollapsed = (epoch: EpochMetrics | undefined, most: number): boolean =>
  (epoch?.derived?.skips.normal ?? 0) > most;

/** The last epoch, or the one before it where that one had collapsed. */
export function keptEpoch(
  history: readonly EpochMetrics[],
  { maximumSkips }: SupernetSpec,
): EpochMetrics | undefined {
  const last = history.at(-1);
  return hasCollapsed(last, maximumSkips) ? (history.at(-2) ?? last) : last;
}
