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

/** Of all attacks within a distance, whatever they followed, the one that left least. */
function leastLeft(trial: ResultTrial, within: string): string {
  const left = (trial.robustness?.attacks ?? [])
    .filter((attack) => distanceText(attack) === within)
    .map(({ accuracy }) => accuracy);
  return left.length === 0 ? '' : formatPercent(Math.min(...left));
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
      of: (trial: ResultTrial) => leastLeft(trial, within),
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
      : html`<p>What the strongest attack at each distance left of the network and its controls, each trained with the first seed:</p>${controlsTable(trials)}`;
  return html`<p>Of ${String(pictures)} test pictures ${formatPercent(accuracy)} are told right before any attack. ${maskingSentences(robustness).join(' ')}</p>
${table(rowsOf(robustness), [
  { title: 'attack', of: ({ attack }) => attack },
  { title: 'within', of: distanceText },
  { title: 'queries', number: true, of: ({ budget }) => String(budget) },
  { title: "along the rules' signal", number: true, of: ({ left }) => share(left.get('rules')) },
  { title: 'along the true gradient', number: true, of: ({ left }) => share(left.get('exact')) },
  { title: 'by answers alone', number: true, of: ({ left }) => share(left.get(undefined)) },
])}${beside}`;
}
