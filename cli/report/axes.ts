// Scales and axes of the charts, as markup. Units are those of the viewBox, which is about a column's width in pixels.
import { type Axis, tenth } from '../drawing/index.ts';
import { html, type Markup } from './html.ts';

export const CHART = { width: 480, height: 280, left: 68, right: 14, top: 14, bottom: 40 } as const;

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
