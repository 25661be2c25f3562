// Angles and lengths that say how far each layer is from backpropagation (paper.md 2.1), from the numbers of the entry `align`.
import type { LayerAlignment, RuleAlignment } from '../../crds/index.ts';
import { type MeasuredLayer, ROW } from './alignment-entry.ts';

/** One entry a layer; an angle with a vector of zeros does not exist. */
export const layerAlignments = (
  layers: readonly MeasuredLayer[],
  numbers: ArrayLike<number>,
): LayerAlignment[] =>
  layers.map(({ layer, rule, comparable }, i) => {
    const [bw = 0, bb = 0, ww = 0, dot = 0, own = 0, exact = 0] = Array.from(
      { length: ROW },
      (_, k) => numbers[i * ROW + k] ?? Number.NaN,
    );
    return {
      layer,
      ...(rule === undefined ? {} : { rule }),
      ...(comparable ? measured('feedbackAngle', 'feedbackRatio', [bw, bb, ww]) : {}),
      ...measured('gradientAngle', 'gradientRatio', [dot, own, exact]),
    };
  });

/** Angle in degrees between a and b, and |a| / |b|, where both have a length. */
function measured<A extends string, R extends string>(
  angle: A,
  ratio: R,
  [ab, aa, bb]: readonly [number, number, number],
): Partial<Record<A | R, number>> {
  const lengths = Math.sqrt(aa) * Math.sqrt(bb);
  if (!(lengths > 0) || !Number.isFinite(lengths)) return {};
  const cosine = Math.min(1, Math.max(-1, ab / lengths));
  return {
    [angle]: (Math.acos(cosine) * 180) / Math.PI,
    [ratio]: Math.sqrt(aa) / Math.sqrt(bb),
  } as Partial<Record<A | R, number>>;
}

/** Means over the layers of each rule; of ratios the geometric ones, as a few layers may be off by powers of ten. */
export function byRule(layers: readonly LayerAlignment[]): RuleAlignment[] {
  const rules = [...new Set(layers.flatMap(({ rule }) => rule ?? []))];
  return rules.map((rule) => {
    const own = layers.filter((layer) => layer.rule === rule);
    return {
      rule,
      layers: own.length,
      ...meanOf(own, 'feedbackAngle'),
      ...geometricMeanOf(own, 'feedbackRatio'),
      ...meanOf(own, 'gradientAngle'),
      ...geometricMeanOf(own, 'gradientRatio'),
      ...geometricMeanOf(own, 'gradientVariance'),
    };
  });
}

type Measure =
  | 'feedbackAngle'
  | 'feedbackRatio'
  | 'gradientAngle'
  | 'gradientRatio'
  | 'gradientVariance';
type Mean<M extends Measure> = Partial<Record<M, number>>;

/** { name: mean }, or nothing where no layer has it. */
export function meanOf<M extends Measure>(
  layers: readonly LayerAlignment[],
  name: M,
  [there, back]: readonly [(x: number) => number, (x: number) => number] = [same, same],
): Mean<M> {
  const known = layers.flatMap((layer) => layer[name] ?? []);
  if (known.length === 0) return {};
  const mean = back(known.reduce((sum, each) => sum + there(each), 0) / known.length);
  return { [name]: mean } as Mean<M>;
}

const same = (x: number): number => x;

const geometricMeanOf = <M extends Measure>(layers: readonly LayerAlignment[], name: M): Mean<M> =>
  meanOf(layers, name, [Math.log, Math.exp]);
