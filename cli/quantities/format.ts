// How numbers and trials read on a terminal.
import type { RankedTrial } from '../../crds/index.ts';

export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

export const formatPercent = (share: number): string => `${(100 * share).toFixed(2)} %`;

export const formatCount = (count: number): string => {
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`;
  return count >= 1e3 ? `${(count / 1e3).toFixed(1)} k` : String(count);
};

/** `#12 87.3400` */
export const formatTrial = ({ index, objectives }: RankedTrial): string =>
  `#${index} ${objectives.map((value) => value.toPrecision(4)).join(' / ')}`;
