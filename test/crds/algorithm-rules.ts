// The rules of algorithms, each with a manifest that meets it and one that breaks it.
import { SUPERNET_ALGORITHMS } from '../../crds/index.ts';
import type { RuleCase } from './robustness-rules.ts';

type Json = Record<string, unknown>;

/** A setting, the algorithms that take it, and one that does not. */
const BELONGS: readonly [settings: Json, to: string, not: string][] = [
  [{ population: 10 }, 'regularized-evolution, nsga2, eg, one-shot', 'random'],
  [{ sample: 5 }, 'regularized-evolution', 'random'],
  [{ mutateRule: 0.1 }, 'regularized-evolution', 'random'],
  [{ mutateOperation: 0.1 }, 'regularized-evolution', 'random'],
  [{ mutateWiring: 0.1 }, 'regularized-evolution', 'nsga2'],
  [{ tournament: 'pareto' }, 'regularized-evolution', 'nsga2'],
  [{ crossover: 0.5 }, 'nsga2, one-shot', 'regularized-evolution'],
  [{ mutatedGenes: 2 }, 'nsga2', 'regularized-evolution'],
  [{ startup: 5 }, 'tpe', 'random'],
  [{ gamma: 0.2 }, 'tpe', 'random'],
  [{ candidates: 10 }, 'tpe', 'nsga2'],
  [{ priorWeight: 0.5 }, 'tpe', 'nsga2'],
  [{ starts: 3 }, 'local-search', 'random'],
  [{ step: 'best' }, 'local-search', 'tpe'],
];

const BELONGING: readonly RuleCase[] = BELONGS.flatMap(([settings, to, not]) =>
  to.split(', ').flatMap((name) => {
    // Of supernets, whose rules ask for more: supernet-rules.ts.
    if (SUPERNET_ALGORITHMS.includes(name)) return [];
    const [setting] = Object.keys(settings);
    return {
      good: { algorithm: { name, settings } },
      bad: { algorithm: { name: not, settings } },
      path: `spec.algorithm.settings.${setting}`,
      message: `${setting} is a setting of ${to}`,
    };
  }),
);

export const ALGORITHM_CASES: readonly RuleCase[] = [
  ...BELONGING,
  {
    good: { algorithm: { name: 'nsga2', settings: { population: 1000 } } },
    bad: { algorithm: { name: 'nsga2', settings: { population: 1001 } } },
    path: 'spec.algorithm.settings.population',
    message: 'population of nsga2 is at most 1000',
  },
];
