// A trial as the page's tables and pictures need it: small, for there are thousands. Pure.
import { isSupernetText, type LearningRuleName } from '../../crds/index.ts';
import type { TrialRow } from '../../dashboard/api.ts';
import { genesOf, rulesIn } from '../genotype/index.ts';
import type { ResultTrial } from '../result/index.ts';

/** Numbers of what stands at places of networks, in the order in which it came up. */
export class Alphabet {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: string): number {
    const known = this.#numbers.get(value) ?? this.values.push(value) - 1;
    this.#numbers.set(value, known);
    return known;
  }
}

export interface RowContext {
  readonly places: readonly string[];
  /** Of the search space. */
  readonly rules: readonly LearningRuleName[];
  readonly alphabet: Alphabet;
}

const NOTHING = -1;

export function trialRow(trial: ResultTrial, context: RowContext): TrialRow {
  const { name, index, state, purpose, control, cost, metrics, epochs, reason } = trial;
  return {
    name,
    index,
    state,
    ...(purpose === 'Final' ? { final: true } : {}),
    ...(control === undefined ? {} : { control: `${control.kind} ${control.name}` }),
    ...defined({ parent: trial.parent, variation: trial.variation }),
    ...defined({ objectives: trial.objectives, accuracy: metrics?.accuracy }),
    ...defined({ testAccuracy: metrics?.testAccuracy, parameters: metrics?.parameters }),
    ...defined({ macs: metrics?.macs }),
    deviceSeconds: cost.deviceSeconds,
    epochs: epochs.at(-1)?.epoch ?? 0,
    ...defined({ startTime: trial.startTime, completionTime: trial.completionTime }),
    ...(reason === undefined || reason === state ? {} : { reason }),
    ...network(trial.genotype, context),
    curve: curveOf(trial),
  };
}

function network(text: string, { places, rules, alphabet }: RowContext) {
  if (isSupernetText(text)) return { genes: places.map(() => NOTHING), rules: rules.map(() => 0) };
  const counts = new Map<string, number>();
  for (const rule of rulesIn(text)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return {
    genes: genesOf(text, places).map((gene) =>
      gene === undefined ? NOTHING : alphabet.numberOf(gene),
    ),
    rules: rules.map((rule) => counts.get(rule) ?? 0),
  };
}

/** To five digits: it is drawn. */
const curveOf = ({ epochs }: ResultTrial): number[] =>
  epochs.flatMap(({ validationAccuracy }) =>
    validationAccuracy === undefined ? [] : Math.round(validationAccuracy * 1e5) / 1e5,
  );

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
