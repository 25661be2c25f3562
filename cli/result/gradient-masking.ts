// What the attacks on a network say, in words: how much it withstands, and whether attacks along its own signal were led astray.
// Such gradient masking makes a network look robust that is not (Athalye, Carlini & Wagner 2018, 1802.00420).
import type { AttackResult, RobustnessResult } from '../../crds/index.ts';
import { formatPercent } from '../quantities/index.ts';

/** Pictures more that are told right before it is called masking: 6 of 6 one way are chance in 3 % of cases (sign test). */
const LEAST_PICTURES = 6;

/** One sentence for each distance that masking shows at, most masked first; else one that says that none was seen. */
export function maskingSentences(result: RobustnessResult): string[] {
  const groups = [...Map.groupBy(result.attacks, placeOf).values()];
  const masked = groups
    .flatMap((attacks) => maskedBy(attacks, result.pictures) ?? [])
    .toSorted((a, b) => b.pictures - a.pictures);
  if (masked.length > 0) return masked.map(({ sentence }) => sentence);
  const compared = result.attacks.some(({ signal }) => signal === 'rules');
  return compared
    ? [
        `No gradient masking seen: at no distance did attacks along the learning rules' signal leave ${LEAST_PICTURES} of ${result.pictures} pictures more than others.`,
      ]
    : [];
}

const placeOf = ({ norm, bound }: AttackResult): string => `${norm} ${bound}`;

interface Masked {
  readonly pictures: number;
  readonly sentence: string;
}

/** Attacks at one distance: the strongest along each way. */
function maskedBy(attacks: readonly AttackResult[], pictures: number): Masked | undefined {
  const rules = strongest(attacks.filter(({ signal }) => signal === 'rules'));
  const others = strongest(attacks.filter(({ signal }) => signal !== 'rules'));
  if (rules === undefined || others === undefined) return undefined;
  const more = Math.round((rules.accuracy - others.accuracy) * pictures);
  if (more < LEAST_PICTURES) return undefined;
  const way =
    others.signal === 'exact'
      ? 'along the true gradient'
      : 'which follows no gradient of the network,';
  return {
    pictures: more,
    sentence:
      `Gradient masking at ${distanceText(rules)}: the strongest attack along the learning rules' signal (${rules.attack}) leaves ` +
      `${formatPercent(rules.accuracy)}, ${others.attack} ${way} ${formatPercent(others.accuracy)}: ` +
      `${more} of ${pictures} pictures seemed safe and are not.`,
  };
}

const strongest = (attacks: readonly AttackResult[]): AttackResult | undefined =>
  attacks.toSorted((a, b) => a.accuracy - b.accuracy)[0];

const NORMS = { linf: 'L∞', l2: 'L2', l0: 'L0' } as const;

/** `L∞ 8/255`, `5 pixels`. */
export function distanceText({ norm, bound }: Pick<AttackResult, 'norm' | 'bound'>): string {
  if (norm === 'l0') return bound === 1 ? '1 pixel' : `${bound} pixels`;
  return `${NORMS[norm]} ${bound}/255`;
}
