// The winner under attack: what each attack left of its accuracy, along the learning rules' signal and along the true gradient.
import type { AttackResult, RobustnessResult } from '../../crds/index.ts';
import { formatPercent } from '../quantities/index.ts';
import { distanceText, maskingSentences, type SearchResult } from '../result/index.ts';
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

export function robustnessMarkup(result: SearchResult): Markup {
  const robustness = winnersRobustness(result);
  if (robustness === undefined) return html``;
  const { pictures, accuracy } = robustness;
  return html`<p>Of ${String(pictures)} test pictures ${formatPercent(accuracy)} are told right before any attack. ${maskingSentences(robustness).join(' ')}</p>
${table(rowsOf(robustness), [
  { title: 'attack', of: ({ attack }) => attack },
  { title: 'within', of: distanceText },
  { title: 'queries', number: true, of: ({ budget }) => String(budget) },
  { title: "along the rules' signal", number: true, of: ({ left }) => share(left.get('rules')) },
  { title: 'along the true gradient', number: true, of: ({ left }) => share(left.get('exact')) },
  { title: 'by answers alone', number: true, of: ({ left }) => share(left.get(undefined)) },
])}`;
}
