// Axes of charts: round numbers that cover what is drawn. Pure.

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

export const tenth = (value: number): number => Math.round(value * 10) / 10;
