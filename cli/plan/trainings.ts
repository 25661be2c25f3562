// What a search would train: its own engine and scheduler, told stand-ins for scores, and its own final stage. Pure.
import {
  type BioNASSearch,
  printGenotype,
  SUPERNET_ALGORITHMS,
  type TrialSpec,
  textHash,
} from '../../crds/index.ts';
import { finalStage, searchTrial } from '../../operator/reconcilers/index.ts';
import type { Live } from '../../operator/runtime/index.ts';
import { Random } from '../../operator/search/index.ts';
import { type SimulatedNetwork, simulate } from '../../operator/search/simulation/index.ts';
import { sampleGenotype } from '../../operator/search/variation/index.ts';

/** One network of the search. */
export interface Training {
  readonly spec: TrialSpec;
  /** That it trains in all. */
  readonly epochs: number;
  /** Pods that it takes: one, and one for each promotion. */
  readonly starts: number;
}

export interface Trainings {
  /** In the order of their proposals. */
  readonly search: readonly Training[];
  readonly final: readonly Training[];
  /** Of the search stage by the clock, without what starts take. */
  readonly seconds: number;
}

/** `epochSeconds`: of a network of the search; `slots`: trainers at once. Which networks those are is as good as random: nothing is trained to score them. */
export function trainingsOf(
  search: BioNASSearch,
  epochSeconds: (genotype: string) => number,
  slots = search.spec.parallelism,
): Trainings {
  const { spec } = search;
  const live = search as Live<BioNASSearch>;
  const runs = new Map<number, { genotype: string; epochs: number; starts: number }>();
  let seconds = 0;
  const networkOf = (genotype: string): SimulatedNetwork => ({
    curve: standIn(genotype, spec.training.epochs),
    epochSeconds: epochSeconds(genotype),
    others: spec.objectives.slice(1).map(() => 0.5),
  });
  const { trials } = spec.budget;
  for (const event of simulate({ spec, trials, workers: slots, networkOf })) {
    const { index, genotype, epochs, time } = event;
    const begins = event.kind === 'started' || event.kind === 'promoted';
    const starts = (runs.get(index)?.starts ?? 0) + (begins ? 1 : 0);
    runs.set(index, { genotype, epochs, starts });
    seconds = time;
  }
  const supernet = SUPERNET_ALGORITHMS.includes(spec.algorithm.name);
  const trained = [...runs].map(([index, { genotype, epochs, starts }]) => {
    const of = supernet ? ({ kind: 'Supernet' } as const) : {};
    const proposal = { index, genotype, variation: 'planned', proposedAfter: 0, ...of };
    return { spec: searchTrial(live, proposal).spec, epochs, starts };
  });
  return { search: trained, final: finals(live, supernet), seconds };
}

/** Of networks drawn at random, or of those to begin with: which will be best is not known. */
function finals(search: Live<BioNASSearch>, derived: boolean): Training[] {
  const { final, searchSpace, warmStart, seed } = search.spec;
  const random = Random.fromSeed(seed).split('plan');
  const given = derived ? [] : (warmStart?.genotypes ?? []);
  const best = Array.from({ length: final.topK }, (_, index) => ({
    genotype: given[index] ?? printGenotype(sampleGenotype(searchSpace, random)),
    index,
  }));
  return finalStage(search, best, 0).map(({ spec }) => ({
    spec,
    epochs: spec.fidelity.epochs,
    starts: 1,
  }));
}

/** A curve that rises to the end, so that no stop ends it early, to a height that its text decides. */
function standIn(genotype: string, epochs: number): number[] {
  const height = Number.parseInt(textHash(genotype).slice(0, 8), 16) / 2 ** 32;
  return Array.from({ length: epochs }, (_, e) => height * ((e + 1) / epochs) ** 0.3);
}
