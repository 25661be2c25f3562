// The winner under attack: what each attack left of its accuracy, along the learning rules' signal and along the true gradient;
// and what the strongest ones left of its controls.
import type { AttackResult, RobustnessResult } from '../../crds/index.ts';
import { formatPercent } from '../quantities/index.ts';
import {
  distanceText,
  maskingSentences,
  type ResultTrial,
  type SearchResult,
} from '../result/index.ts';
import { html, type Markup } from './html.ts';
import { pick, table } from './tables.ts';

export const winnersRobustness = ({ final, trials }: SearchResult): RobustnessResult | undefined =>
  pick(trials, final)[0]?.robustness;

/** One attack at one distance, by what it followed. */
interface Row extends Pick<AttackResult, 'attack' | 'norm' | 'bound' | 'budget'> {
  readonly left: ReadonlyMap<AttackResult['signal'], number>;
}

function rowsOf({ attacks }: RobustnessResult): Row[] {
  const key = ({ attack, norm, bound, budget }: AttackResult) =>
    [attack, norm, bound, budget].join(' ');
  return [...Map.groupBy(attacks, key).values()].flatMap((same) => {
    const [first] = same;
    const left = new Map(same.map(({ signal, accuracy }) => [signal, accuracy]));
    return first === undefined ? [] : [{ ...first, left }];
  });
}

const share = (value: number | undefined): string =>
  value === undefined ? '' : formatPercent(value);

/** The winner first, and its controls that were attacked, too. */
function attackedTrials({ final, trials }: SearchResult): ResultTrial[] {
  const [winner] = pick(trials, final);
  const controls = trials.filter(
    ({ parent, control }) => control !== undefined && parent === winner?.parent,
  );
  return [winner, ...controls].flatMap((trial) => (trial?.robustness === undefined ? [] : [trial]));
}

/** Along the rules' signal, and by whatever left least. */
function left(trial: ResultTrial, within: string): string {
  const attacks = (trial.robustness?.attacks ?? []).filter((one) => distanceText(one) === within);
  const least = (some: typeof attacks): string =>
    some.length === 0 ? '–' : formatPercent(Math.min(...some.map(({ accuracy }) => accuracy)));
  return `${least(attacks.filter(({ signal }) => signal === 'rules'))} / ${least(attacks)}`;
}

function controlsTable(trials: readonly ResultTrial[]): Markup {
  const attacks = trials.flatMap(({ robustness }) => robustness?.attacks ?? []);
  const distances = [...new Set(attacks.map(distanceText))];
  return table(trials, [
    { title: 'rules', of: ({ control }) => control?.name ?? 'the network' },
    { title: 'before', number: true, of: ({ robustness }) => share(robustness?.accuracy) },
    ...distances.map((within) => ({
      title: within,
      number: true,
      of: (trial: ResultTrial) => left(trial, within),
    })),
  ]);
}

export function robustnessMarkup(result: SearchResult): Markup {
  const robustness = winnersRobustness(result);
  if (robustness === undefined) return html``;
  const { pictures, accuracy } = robustness;
  const trials = attackedTrials(result);
  const beside =
    trials.length < 2
      ? undefined
      : html`<p>What the strongest attack along the rules' signal, and the strongest of all, left of the network and its controls, each as trained with the first seed:</p>${controlsTable(trials)}`;
  return html`<p>Of ${String(pictures)} test pictures ${formatPercent(accuracy)} are told right before any attack. ${maskingSentences(robustness).join(' ')}</p>
${table(rowsOf(robustness), [
  { title: 'attack', of: ({ attack }) => attack },
  { title: 'within', of: distanceText },
  { title: 'queries', number: true, of: ({ budget }) => String(budget) },
  { title: "along the rules' signal", number: true, of: ({ left }) => share(left.get('rules')) },
  { title: 'along the true gradient', number: true, of: ({ left }) => share(left.get('exact')) },
  { title: 'without its gradient', number: true, of: ({ left }) => share(left.get(undefined)) },
])}${beside}`;
}
