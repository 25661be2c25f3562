// Learning curves: loss and accuracy of every epoch, search trials thin, the best of them and the final networks strong.
import type { EpochMetrics } from '../../crds/index.ts';
import { placeAxis, shortNumber, valueAxis } from '../drawing/index.ts';
import { formatLoss, formatPercent } from '../quantities/index.ts';
import type { ResultTrial, SearchResult } from '../result/index.ts';
import { axesMarkup, chartMarkup, type Scales, scalesOf } from './axes.ts';
import { html, type Markup } from './html.ts';

/** Curves in one chart: the best of more. */
const CURVES = 120;

interface Measure {
  readonly title: string;
  readonly text: (value: number) => string;
  readonly of: (epoch: EpochMetrics) => number | null | undefined;
}

const LOSS: Measure = { title: 'training loss', text: formatLoss, of: ({ loss }) => loss };
const ACCURACY: Measure = {
  title: 'accuracy',
  text: formatPercent,
  of: ({ validationAccuracy, accuracy }) => validationAccuracy ?? accuracy,
};

export const lossCurves = (result: SearchResult): Markup => curves(result, LOSS);
/** Of held-out pictures; of training pictures where none are held out, as in the final stage. */
export const accuracyCurves = (result: SearchResult): Markup => curves(result, ACCURACY);

interface Curve {
  readonly trial: ResultTrial;
  readonly kind: 'searched' | 'best' | 'final';
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

function curves(result: SearchResult, measure: Measure): Markup {
  const drawn = curvesOf(result, measure);
  const points = drawn.flatMap((curve) => curve.points);
  if (points.length === 0) return html`<p class="empty">No epoch has ended.</p>`;
  const epochs = points.map(([epoch]) => epoch);
  const x = placeAxis(Math.min(...epochs), Math.max(...epochs), 'epoch');
  const values = points.map(([, value]) => value);
  const tick = (value: number) => shortNumber(measure.text(value));
  const y = valueAxis(values, { title: measure.title, text: tick });
  const scales = scalesOf(x, y);
  const label = `${measure.title} by epoch of ${drawn.length} trials`;
  return chartMarkup(label, [
    axesMarkup(x, y, scales),
    ...drawn.map((curve) => curveMarkup(curve, measure, scales)),
  ]);
}

/** In drawing order: what matters comes last, on top. Controls have a table. */
function curvesOf({ trials, best }: SearchResult, measure: Measure): Curve[] {
  const winner = best[0]?.trial;
  const searched = trials.filter(({ purpose }) => purpose === 'Search');
  const shown = searched.length <= CURVES ? searched : strongest(searched);
  const kindOf = ({ name, purpose }: ResultTrial): Curve['kind'] => {
    if (purpose === 'Final') return 'final';
    return name === winner ? 'best' : 'searched';
  };
  const order = { searched: 0, best: 1, final: 2 } as const;
  return [...shown, ...trials.filter(isFinalNetwork)]
    .map((trial) => ({ trial, kind: kindOf(trial), points: pointsOf(trial, measure) }))
    .filter(({ points }) => points.length > 0)
    .toSorted((a, b) => order[a.kind] - order[b.kind]);
}

const isFinalNetwork = ({ purpose, control }: ResultTrial): boolean =>
  purpose === 'Final' && control === undefined;

const strongest = (trials: readonly ResultTrial[]): ResultTrial[] =>
  trials
    .toSorted((a, b) => (b.metrics?.accuracy ?? 0) - (a.metrics?.accuracy ?? 0))
    .slice(0, CURVES);

const pointsOf = ({ epochs }: ResultTrial, { of }: Measure): Curve['points'] =>
  epochs.flatMap((epoch) => {
    const value = of(epoch);
    return value == null ? [] : [[epoch.epoch, value] as const];
  });

function curveMarkup({ trial, kind, points }: Curve, measure: Measure, { x, y }: Scales): Markup {
  const line = points.map(([epoch, value], k) => `${k === 0 ? 'M' : 'L'}${x(epoch)} ${y(value)}`);
  const path = line.join('');
  const [, last = 0] = points.at(-1) ?? [];
  const name = kind === 'final' ? trial.name : `trial #${trial.index}`;
  const title = `${name}: ${measure.title} ${measure.text(last)} after epoch ${points.at(-1)?.[0] ?? 0}`;
  const dots = points.map(
    ([epoch, value]) => html`<circle cx="${x(epoch)}" cy="${y(value)}" r="3.5"/>`,
  );
  return html`<g class="curve ${kind}"><title>${title}</title><path class="reach" d="${path}"/><path d="${path}"/>${dots}</g>`;
}
