// Scales and axes of the charts. Units are those of the viewBox, which is about a column's width in pixels.
import { html, type Markup } from './html.ts';

export const CHART = { width: 480, height: 280, left: 68, right: 14, top: 14, bottom: 40 } as const;

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly title: string;
  readonly text: (value: number) => string;
}

/** Below it, against the values, a difference is rounding. */
const NOTHING = 1e-9;
const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers that cover the values. */
export function valueAxis(
  values: readonly number[],
  { title, text }: Pick<Axis, 'title' | 'text'>,
): Axis {
  const low = values.length === 0 ? 0 : Math.min(...values);
  const high = values.length === 0 ? 1 : Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const span = [high - low, size].find((length) => length > NOTHING * Math.max(1, size)) ?? 1;
  const step = niceStep(span / 5);
  const from = Math.floor(low / step) * step;
  const to = Math.max(Math.ceil(high / step) * step, from + step);
  const count = Math.round((to - from) / step);
  const ticks = Array.from({ length: count + 1 }, (_, k) => from + k * step);
  return { from, to, ticks, title, text };
}

/** From the first place to the last, with ticks at both ends' next round numbers. */
export function placeAxis(first: number, last: number, title: string): Axis {
  const step = Math.max(1, Math.ceil(niceStep((last - first || 1) / 8)));
  const count = Math.floor(last / step);
  const round = Array.from({ length: count }, (_, k) => (k + 1) * step);
  const ticks = [first, ...round.filter((tick) => tick > first && tick - first >= step / 2)];
  return { from: first, to: Math.max(last, first + 1), ticks, title, text: String };
}

function niceStep(rough: number): number {
  const unit = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((factor) => factor * unit >= rough) ?? 10) * unit;
}

/** Without zeros that say nothing: `77.5 %`, `0.4`. */
export const shortNumber = (text: string): string =>
  text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');

export interface Scales {
  readonly x: (value: number) => number;
  /** What lies outside is drawn at the edge. */
  readonly y: (value: number) => number;
}

export function scalesOf(x: Axis, y: Axis): Scales {
  const { width, height, left, right, top, bottom } = CHART;
  const share = (axis: Axis, value: number) =>
    Math.min(1, Math.max(0, (value - axis.from) / (axis.to - axis.from)));
  return {
    x: (value) => tenth(left + share(x, value) * (width - left - right)),
    y: (value) => tenth(height - bottom - share(y, value) * (height - top - bottom)),
  };
}

export const tenth = (value: number): number => Math.round(value * 10) / 10;

export function axesMarkup(x: Axis, y: Axis, scales: Scales): Markup {
  const { width, height, left, right, bottom, top } = CHART;
  const floor = height - bottom;
  return html`<g class="axes" aria-hidden="true">${y.ticks.map(
    (value) =>
      html`<line class="grid" x1="${left}" x2="${width - right}" y1="${scales.y(value)}" y2="${scales.y(value)}"/><text x="${left - 7}" y="${scales.y(value) + 4}" text-anchor="end">${y.text(value)}</text>`,
  )}${x.ticks.map(
    (value) =>
      html`<text x="${scales.x(value)}" y="${floor + 17}" text-anchor="middle">${x.text(value)}</text>`,
  )}<line class="axis" x1="${left}" x2="${width - right}" y1="${floor}" y2="${floor}"/><text class="axis-title" x="${(left + width - right) / 2}" y="${height - 5}" text-anchor="middle">${x.title}</text><text class="axis-title" transform="translate(13 ${(top + floor) / 2}) rotate(-90)" text-anchor="middle">${y.title}</text></g>`;
}

/** `label` is what a screen reader says of the whole chart. */
export const chartMarkup = (label: string, content: readonly Markup[]): Markup =>
  html`<svg class="chart" viewBox="0 0 ${CHART.width} ${CHART.height}" role="group" aria-label="${label}">${content}</svg>`;
