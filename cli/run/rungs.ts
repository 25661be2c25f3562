// Rungs in words: how many trials came to each, how many went on, and the best there.
import type { Objective, RungSummary } from '../../crds/index.ts';
import { formatObjectives } from '../quantities/index.ts';

/** `1 epoch: 12 (4 on), 3 epochs: 4 (1 on)`; empty where there are none. */
export function rungWords(rungs: readonly RungSummary[], objective: Objective | undefined): string {
  return rungs
    .map(({ epochs, trials, promoted, best }) => {
      const to = `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
      const on = promoted > 0 ? `, ${promoted} on` : '';
      return `${to}: ${trials}${on}${bestWords(best, objective)}`;
    })
    .join('; ');
}

function bestWords(best: number | undefined, objective: Objective | undefined): string {
  if (best === undefined || objective === undefined) return '';
  return ` (best ${formatObjectives([objective], [best])})`;
}
