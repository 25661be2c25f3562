// The final comparison as rows: each final network, then its controls. Pure.
import type { AttackResult } from '../../../crds/index.ts';
import { type Comparison, subject, type Variant } from '../../comparison/index.ts';
import { distanceText, type ResultTrial } from '../../result/index.ts';

type Trainings = Omit<Comparison, 'trial' | 'index' | 'genotype' | 'variants'>;

export interface Row extends Trainings, Pick<Variant, 'difference'> {
  /** Of the network, from 1, as the search ranked them. */
  readonly network: number;
  /** Of the search trial that found it. */
  readonly index: number;
  /** `network 1`, `BP throughout` */
  readonly title: string;
  /** Absent of the network itself. */
  readonly control?: Pick<Variant, 'kind' | 'name' | 'claim'>;
  /** Empty of several draws. */
  readonly genotype: string;
  readonly parameters?: number;
  /** Multiply-accumulates of one picture. */
  readonly macs?: number;
  /** What the strongest attack left of the accuracy, by its distance: `L∞ 8/255`. */
  readonly robust: ReadonlyMap<string, number>;
}

/** @param trials of which the comparisons name some */
export function rowsOf(comparisons: readonly Comparison[], trials: readonly ResultTrial[]): Row[] {
  const byName = new Map(trials.map((trial) => [trial.name, trial]));
  const measured = ({ trials: names }: Trainings) => {
    const own = names.flatMap((name) => byName.get(name) ?? []);
    const metrics = own.find((trial) => trial.metrics !== undefined)?.metrics;
    const size = metrics && { parameters: metrics.parameters, macs: metrics.macs };
    return { ...size, robust: leastLeft(own) };
  };
  return comparisons.flatMap(({ index, genotype, trial: _, variants, ...own }, k) => {
    const of = { network: k + 1, index };
    const controls = variants.map((variant): Row => {
      const { kind, name, claim, draws, ...trainings } = variant;
      const control = { kind, name, claim };
      const [first] = draws === 1 ? variant.trials : [];
      const genotype = byName.get(first ?? '')?.genotype ?? '';
      return {
        ...of,
        ...trainings,
        ...measured(variant),
        title: subject(variant),
        control,
        genotype,
      };
    });
    return [{ ...of, ...own, ...measured(own), genotype, title: `network ${k + 1}` }, ...controls];
  });
}

function leastLeft(trials: readonly ResultTrial[]): ReadonlyMap<string, number> {
  const attacks = trials.flatMap(({ robustness }) => robustness?.attacks ?? []);
  const byDistance = Map.groupBy(attacks, (attack: AttackResult) => distanceText(attack));
  return new Map(
    [...byDistance].map(([distance, some]) => [
      distance,
      Math.min(...some.map(({ accuracy }) => accuracy)),
    ]),
  );
}

/** Distances that any row was attacked at. */
export const distancesOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.flatMap(({ robust }) => [...robust.keys()])),
];
