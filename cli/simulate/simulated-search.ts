// One search on a table, under one seed: which network led after how many epochs, and how good it would be. Pure.
import type { BioNASSearch } from '../../crds/index.ts';
import {
  type SimulatedEvent,
  type SimulatedNetwork,
  simulate,
} from '../../operator/search/simulation/index.ts';
import { lastOf, type SearchTable, type TableNetwork } from './table/index.ts';

export interface Limits {
  readonly seed: number;
  /** Trained by all networks together: what would end later is not waited for. Absent: budget.trials is the limit. */
  readonly epochs?: number | undefined;
}

/** The leader has changed. */
export interface Step {
  /** Trained by all networks up to now. */
  readonly epochs: number;
  readonly genotype: string;
  /** Of the leader, once it is trained to the end: a leader at a rung may turn out worse than its score. */
  readonly accuracy: number;
}

export interface SimulatedSearch {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** That have reported. */
  readonly networks: number;
  /** Trained by all of them. */
  readonly epochs: number;
  /** Seconds, or, where the table has none, epochs of a network of mean MACs. */
  readonly time: number;
  /** Proposals that the table does not know. */
  readonly unknown: number;
}

export type SearchOnTable = (limits: Limits) => SimulatedSearch;

/** budget.trials and parallelism are the search's; its seed is not. */
export function searchOn(table: SearchTable, { spec }: BioNASSearch): SearchOnTable {
  const networkOf = networksOf(table, spec);
  const { parallelism: workers, budget } = spec;
  return ({ seed, epochs }) => {
    const trials = epochs === undefined ? budget.trials : table.networks.size;
    const events = simulate({ spec: { ...spec, seed }, trials, workers, networkOf });
    return { seed, ...followed(until(events, epochs), table) };
  };
}

function* until(events: Iterable<SimulatedEvent>, epochs = Number.POSITIVE_INFINITY) {
  for (const event of events) {
    if (event.spentEpochs > epochs) return;
    yield event;
  }
}

function followed(
  events: Iterable<SimulatedEvent>,
  table: SearchTable,
): Omit<SimulatedSearch, 'seed'> {
  const steps: Step[] = [];
  const scores = new Map<string, number>();
  let end = { networks: 0, epochs: 0, time: 0, unknown: 0 };
  for (const { genotype, value, spentEpochs: epochs, time, unknown } of events) {
    if (value !== undefined) scores.set(genotype, value);
    end = { networks: scores.size, epochs, time, unknown };
    if (value === undefined) continue;
    const leader = leaderOf(scores);
    if (leader === steps.at(-1)?.genotype) continue;
    steps.push({ epochs, genotype: leader, accuracy: accuracyOf(table, leader) });
  }
  return { steps, ...end };
}

/** The best score, of several the network that had it first. */
function leaderOf(scores: ReadonlyMap<string, number>): string {
  const [first = ['', 0], ...others] = scores;
  return others.reduce((best, each) => (each[1] > best[1] ? each : best), first)[0];
}

const accuracyOf = ({ networks }: SearchTable, genotype: string): number =>
  lastOf(networks.get(genotype)?.curve ?? []);

/** Whether every network of the table was timed. */
export const hasSeconds = ({ networks }: SearchTable): boolean =>
  [...networks.values()].every(({ epochSeconds }) => epochSeconds !== undefined);

function networksOf(
  table: SearchTable,
  { objectives }: BioNASSearch['spec'],
): (genotype: string) => SimulatedNetwork | undefined {
  const all = [...table.networks.values()];
  const meanMacs = all.reduce((sum, { macs }) => sum + macs, 0) / all.length;
  const timed = hasSeconds(table);
  const epochOf = ({ epochSeconds = 0, macs }: TableNetwork) =>
    timed ? epochSeconds : macs / meanMacs;
  const costs = objectives.slice(1).map(({ metric }) => metric as 'parameters' | 'macs');
  const simulated = new Map(
    [...table.networks].map(([genotype, network]) => [
      genotype,
      {
        curve: network.curve,
        epochSeconds: epochOf(network),
        others: costs.map((metric) => network[metric]),
      },
    ]),
  );
  return (genotype) => simulated.get(genotype);
}
