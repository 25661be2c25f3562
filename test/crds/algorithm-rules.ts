// The rules of algorithms, each with a manifest that meets it and one that breaks it.
import type { RuleCase } from './robustness-rules.ts';

type Json = Record<string, unknown>;

/** A setting, the algorithms that take it, and one that does not. */
const BELONGS: readonly [settings: Json, to: string, not: string][] = [
  [{ population: 10 }, 'regularized-evolution', 'random'],
  [{ sample: 5 }, 'regularized-evolution', 'random'],
  [{ mutateRule: 0.1 }, 'regularized-evolution', 'random'],
  [{ mutateOperation: 0.1 }, 'regularized-evolution', 'random'],
  [{ mutateWiring: 0.1 }, 'regularized-evolution', 'random'],
];

export const ALGORITHM_CASES: readonly RuleCase[] = BELONGS.flatMap(([settings, to, not]) =>
  to.split(', ').map((name) => {
    const [setting] = Object.keys(settings);
    return {
      good: { algorithm: { name, settings } },
      bad: { algorithm: { name: not, settings } },
      path: `spec.algorithm.settings.${setting}`,
      message: `${setting} is a setting of ${to}`,
    };
  }),
);
