// One sentence on what may be claimed of a network against a control. It says no more than the seeds do.
import { formatPoints } from '../quantities/index.ts';
import type { Interval } from '../statistics/index.ts';
import type { Variant } from './schema.ts';

export type Trainings = Pick<Variant, 'trained' | 'diverged' | 'failed' | 'unfinished'>;
export type Compared = Omit<Variant, 'claim'>;

/** Fewer pairs bear no claim: no interval made of four holds the mean in more than 88 % of cases. */
const LEAST_SEEDS = 5;

/** How a network stands to a control: what its seeds bear, undefined where they are too few to bear anything. */
export function verdictOn({
  difference,
}: Pick<Variant, 'difference'>): 'better' | 'worse' | 'level' | undefined {
  const { seeds = 0, interval } = difference ?? {};
  if (interval === undefined || seeds < LEAST_SEEDS) return undefined;
  if (interval.low > 0) return 'better';
  return interval.high < 0 ? 'worse' : 'level';
}

export function claim(variant: Compared, network: Trainings): string {
  const { difference } = variant;
  if (difference === undefined) return `No claim on ${subject(variant)}: ${why(variant, network)}.`;
  const { seeds, interval } = difference;
  const verdict = verdictOn(variant);
  const said =
    verdict !== undefined && interval !== undefined
      ? sentence(subject(variant), verdict, { ...difference, interval })
      : `No claim on ${subject(variant)}, for ${seedsOf(seeds)} ${seeds === 1 ? 'is' : 'are'} too few: the network is ${distance(difference.mean)}`;
  return `${said}${lost(variant, network)}.`;
}

/** What a variant is called within a sentence. */
export function subject({ kind, name, draws }: Pick<Variant, 'kind' | 'name' | 'draws'>): string {
  if (kind === 'rule') return `${name} throughout`;
  if (kind === 'conversion')
    return name === 'rest BP' ? 'partial conversion' : `full conversion (${name})`;
  if (kind === 'random')
    return draws === 1 ? 'one draw of random rules' : `${draws} draws of random rules`;
  return draws === 1 ? 'one shuffle of its rules' : `${draws} shuffles of its rules`;
}

type Judged = NonNullable<Variant['difference']> & { readonly interval: Interval };

function sentence(
  what: string,
  verdict: 'better' | 'worse' | 'level',
  { mean, interval, seeds }: Judged,
): string {
  const range = `95 % interval ${formatPoints(interval.low)} to ${formatPoints(interval.high)}, ${seedsOf(seeds)}`;
  if (verdict === 'better')
    return `The network is better than ${what} by ${formatPoints(mean)} points (${range})`;
  if (verdict === 'worse')
    return `The network is worse than ${what} by ${formatPoints(-mean)} points (${range})`;
  return `No difference shown to ${what} (mean difference ${formatPoints(mean)} points, ${range})`;
}

function distance(mean: number): string {
  if (mean === 0) return 'as good on the mean';
  return `${formatPoints(Math.abs(mean))} points ${mean > 0 ? 'better' : 'worse'} on the mean`;
}

function why(variant: Trainings, network: Trainings): string {
  const [who, { trained, diverged, failed, unfinished }] =
    network.trained === 0 ? (['the network', network] as const) : (['it', variant] as const);
  if (trained > 0) return 'no seed has trained both';
  if (unfinished > 0 || diverged + failed === 0) return `${who} has not been trained yet`;
  if (failed === 0) return `${who} diverged every time`;
  return diverged === 0 ? `${who} failed every time` : `${who} diverged or failed every time`;
}

/** `4, 1 diverged`: how many were trained, and what became of the others. */
export function trainingsText({ trained, diverged, failed, unfinished }: Trainings): string {
  const others = [
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unfinished > 0 ? [`${unfinished} open`] : []),
  ];
  return [String(trained), ...others].join(', ');
}

/** Trainings without an accuracy are said, for what is left may be the luckier part. */
function lost(variant: Trainings, network: Trainings): string {
  const of = (who: string, { trained, diverged, failed, unfinished }: Trainings) => {
    const all = trained + diverged + failed + unfinished;
    const counts = [
      ...(diverged > 0 ? [`${diverged} diverged`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(unfinished > 0 ? [`${unfinished} had not ended`] : []),
    ];
    return counts.length === 0 ? [] : [`of the ${all} trainings of ${who} ${counts.join(', ')}`];
  };
  const parts = [...of('the network', network), ...of('the control', variant)];
  return parts.length === 0 ? '' : `; left out: ${parts.join('; ')}`;
}

const seedsOf = (count: number): string => (count === 1 ? '1 seed' : `${count} seeds`);
