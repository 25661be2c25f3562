// What search algorithms cost and are worth: CPU seconds of asking and telling in a long search of DARTS cells, and on the synthetic
// table how often each beats random search. docs/algorithms.md has a run.
//
//   make bench-algorithms, or node benchmarks/bench-algorithms.ts [--trials 50000] [--seeds 100]
import { parseArgs } from 'node:util';
import { ALGORITHM_NAMES, type AlgorithmName } from '../crds/index.ts';
import { createEngine, type EngineProposal, type EngineSpec } from '../operator/search/index.ts';
import { makeSpace } from '../test/builders/genotype.ts';
import { hashScore, proposesNetworks, scored } from '../test/builders/search.ts';
import {
  ACCURATE_AND_SMALL,
  bestAccuracy,
  hypervolume,
  searchTable,
} from '../test/builders/table-search.ts';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '50000' },
    seeds: { type: 'string', default: '100' },
  },
});
const trials = Number(values.trials);
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
const IN_FLIGHT = 50;
const PART = trials / 10;

/** Of this process: others on the machine do not count. */
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** CPU seconds of each tenth of a search of DARTS cells: 16 edges of an operation, a rule and an input are 48 genes. */
function secondsOf(name: AlgorithmName): number[] {
  const engine = createEngine({
    seed: 1,
    searchSpace: makeSpace({ kind: 'darts' }),
    objectives: [...ACCURATE_AND_SMALL],
    algorithm: { name, settings: {} },
  });
  const seconds: number[] = [];
  let outstanding: EngineProposal[] = [];
  let state = engine.initial;
  let began = cpuSeconds();
  for (let i = 0; i < trials; i += 1) {
    const asked = engine.ask(state);
    state = asked.state;
    outstanding.push(asked.proposal!);
    if (outstanding.length === IN_FLIGHT) {
      const [done, ...rest] = outstanding as [EngineProposal, ...EngineProposal[]];
      const { genotype } = done;
      state = engine.tell(state, scored(done, hashScore(genotype), hashScore(`${genotype} size`)));
      outstanding = rest;
    }
    if ((i + 1) % PART > 0) continue;
    seconds.push(cpuSeconds() - began);
    began = cpuSeconds();
  }
  return seconds;
}

const chance = seeds.map((seed) => searchTable({ name: 'random', seed }));

function winsOf(name: AlgorithmName, settings: EngineSpec['algorithm']['settings'] = {}): void {
  for (const parallelism of [1, 8]) {
    const won = (worth: typeof hypervolume, objectives: typeof ACCURATE_AND_SMALL) =>
      seeds.filter(
        (seed) =>
          worth(searchTable({ name, settings, seed, parallelism }, objectives)) >
          worth(chance[seed]!),
      ).length;
    const accuracy = won(bestAccuracy, ACCURATE_AND_SMALL.slice(0, 1));
    const both = won(hypervolume, ACCURATE_AND_SMALL);
    console.log(
      `${name} ${JSON.stringify(settings)}, ${parallelism} in flight: beats random search in accuracy in ${accuracy}, in hypervolume in ${both} of ${seeds.length}`,
    );
  }
}

const names = ALGORITHM_NAMES.filter(proposesNetworks);
for (const name of names) {
  const seconds = secondsOf(name);
  const sum = seconds.reduce((total, each) => total + each);
  console.log(
    `${name}: ${trials} trials ${sum.toFixed(1)} s of CPU, the last tenth ${(seconds.at(-1)! / seconds[0]!).toFixed(2)} of the first`,
  );
}
for (const name of names.filter((each) => each !== 'random')) winsOf(name);
winsOf('regularized-evolution', { tournament: 'pareto' });
