// Regret by epochs as one SVG file that stands alone: a line for the median of each search, a band for its quartiles. Pure.

import { placeAxis, seriesColor, shortNumber, valueAxis } from '../drawing/index.ts';
import { formatPoints } from '../quantities/index.ts';
import { axesMarkup, CHART, html, Markup, type Scales, scalesOf } from '../report/index.ts';
import type { CurvePoint } from './summary.ts';

export interface RegretCurve {
  readonly name: string;
  readonly curve: readonly CurvePoint[];
}

/** Of the way, where the y axis is cut: what a search had before is mostly what its first networks happened to be. */
const BEGINNING = 0.05;
const LINE = 18;

const STYLE = new Markup(`
text { font: 12px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1c2024; }
.axes text { fill: #656d76; } .grid { stroke: #eceff2; } .axis { stroke: #d8dde3; } .card { fill: #ffffff; }
.median { fill: none; stroke-width: 2; stroke-linejoin: round; } .quartiles { fill-opacity: 0.13; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .axes text { fill: #9198a1; }
  .grid { stroke: #2a3038; } .axis { stroke: #3d444d; } .card { fill: #151b23; } }
`);

/** `title` is what a screen reader says of it. */
export function regretPicture(title: string, curves: readonly RegretCurve[]): string {
  const drawn = curves.filter(({ curve }) => curve.length > 0);
  const end = Math.max(1, ...drawn.map(({ curve }) => curve.at(-1)?.epochs ?? 0));
  const x = placeAxis(0, end, 'epochs trained by all networks');
  const y = valueAxis([0, ...drawn.map(({ curve }) => topOf(curve, end))], {
    title: 'regret [points]',
    text: (value) => shortNumber(formatPoints(value)),
  });
  const scales = scalesOf(x, y);
  const height = CHART.height + LINE * Math.ceil(drawn.length / 2) + 8;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHART.width} ${height}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<rect class="card" width="100%" height="100%"/>
${axesMarkup(x, y, scales)}
${drawn.map(({ curve }, k) => band(curve, seriesColor(k), scales))}
${drawn.map(({ curve }, k) => html`<path class="median" stroke="${seriesColor(k)}" d="${path(curve, 'median', scales)}"/>`)}
${drawn.map(({ name }, k) => key(name, k))}
</svg>
`.text;
}

/** Of the median, once the beginning is over. */
const topOf = (curve: readonly CurvePoint[], end: number): number =>
  (curve.find(({ epochs }) => epochs >= BEGINNING * end) ?? curve.at(-1))?.median ?? 0;

function path(
  curve: readonly CurvePoint[],
  of: 'low' | 'median' | 'high',
  { x, y }: Scales,
): string {
  return curve
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.epochs)} ${y(point[of])}`)
    .join('');
}

function band(curve: readonly CurvePoint[], color: string, scales: Scales): Markup {
  const back = path(curve.toReversed(), 'low', scales).replace('M', 'L');
  return html`<path class="quartiles" fill="${color}" d="${path(curve, 'high', scales)}${back}Z"/>`;
}

function key(name: string, k: number): Markup {
  const left = k % 2 === 0 ? CHART.left : CHART.width / 2 + 20;
  const top = CHART.height + LINE * Math.floor(k / 2) + 10;
  return html`<line x1="${left}" x2="${left + 18}" y1="${top - 4}" y2="${top - 4}" stroke="${seriesColor(k)}" stroke-width="3"/><text x="${left + 24}" y="${top}">${name}</text>`;
}
