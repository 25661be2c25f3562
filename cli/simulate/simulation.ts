// Several searches on one table, each under the same seeds: what simulation.json holds and the picture shows.
import type { BioNASSearch } from '../../crds/index.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Fit, fitOf } from './fit.ts';
import { hasSeconds, type SimulatedSearch, searchOn } from './simulated-search.ts';
import { bestAccuracy, type Duel, duel, type Summary, summarize } from './summary.ts';
import type { SearchTable } from './table/index.ts';

export interface Manifest {
  readonly file: string;
  readonly search: BioNASSearch;
}

export interface SimulationSettings {
  /** How many: each search's own seed, and those that follow it. */
  readonly seeds: number;
  /** In place of budget.trials: what all networks of a search may train together. */
  readonly epochs?: number | undefined;
  /** Called between searches, which are not cut. */
  readonly pause: () => Promise<void>;
}

export interface SearchSimulation extends Summary {
  readonly name: string;
  readonly file: string;
  readonly algorithm: string;
  readonly scheduling: string;
  readonly parallelism: number;
  readonly known: number;
  /** Of the space; a string, since there may be more than 2^53. */
  readonly space: string;
  /** Against the first search; absent of itself. */
  readonly againstFirst?: Duel;
  readonly searches: readonly SimulatedSearch[];
}

export interface SimulationResult {
  readonly table: {
    readonly file: string;
    readonly networks: number;
    readonly epochs: number;
    readonly dataset?: string;
    /** Of the best network. */
    readonly bestAccuracy: number;
    /** Absent where no network was trained twice. */
    readonly chance?: Chance;
    readonly notes: readonly string[];
  };
  readonly seeds: number;
  /** `seconds`, or `epochs of a network of mean MACs` where the table has no times. */
  readonly timeUnit: 'seconds' | 'epochs of a network of mean MACs';
  readonly simulations: readonly SearchSimulation[];
}

/** @throws UnfitSearchError before anything is simulated */
export async function simulateSearches(
  manifests: readonly Manifest[],
  table: SearchTable,
  settings: SimulationSettings,
): Promise<SimulationResult> {
  const fits = manifests.map(({ file, search }) => fitOf(file, search, table));
  const runs: SimulatedSearch[][] = [];
  for (const { search } of manifests) runs.push(await underSeeds(search, table, settings));
  const best = bestAccuracy(table);
  const names = namesOf(manifests);
  return {
    table: aboutTable(table, best),
    seeds: settings.seeds,
    timeUnit: hasSeconds(table) ? 'seconds' : 'epochs of a network of mean MACs',
    simulations: manifests.map((manifest, i) => ({
      ...aboutSearch(manifest, fits[i]),
      name: names[i] ?? manifest.file,
      ...summarize(runs[i] ?? [], best),
      ...(i === 0 ? {} : { againstFirst: duel(runs[i] ?? [], runs[0] ?? []) }),
      searches: runs[i] ?? [],
    })),
  };
}

async function underSeeds(
  search: BioNASSearch,
  table: SearchTable,
  { seeds, epochs, pause }: SimulationSettings,
): Promise<SimulatedSearch[]> {
  const run = searchOn(table, search);
  const runs: SimulatedSearch[] = [];
  for (let i = 0; i < seeds; i += 1) {
    await pause();
    runs.push(run({ seed: search.spec.seed + i, epochs }));
  }
  return runs;
}

/** Of the searches; of their files where two have one name. */
function namesOf(manifests: readonly Manifest[]): string[] {
  const names = manifests.map(({ search }) => search.metadata.name);
  return new Set(names).size === names.length ? names : manifests.map(({ file }) => file);
}

function aboutTable(table: SearchTable, best: number): SimulationResult['table'] {
  const { file, networks, epochs, dataset, notes } = table;
  const chance = chanceOf(table);
  return {
    file,
    networks: networks.size,
    epochs,
    ...(dataset === undefined ? {} : { dataset }),
    bestAccuracy: best,
    ...(chance === undefined ? {} : { chance }),
    notes,
  };
}

function aboutSearch({ file, search }: Manifest, fit: Fit | undefined) {
  const { algorithm, scheduling, parallelism } = search.spec;
  return {
    file,
    algorithm: algorithm.name,
    scheduling: scheduling.name,
    parallelism,
    known: fit?.known ?? 0,
    space: String(fit?.networks ?? 0),
  };
}
