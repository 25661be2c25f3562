// Scores over time: every search trial in the order in which they ended, and the best so far.
import { placeAxis, shortNumber, valueAxis } from '../drawing/index.ts';
import { formatMetric } from '../quantities/index.ts';
import type { ResultTrial, SearchResult } from '../result/index.ts';
import { axesMarkup, chartMarkup, type Scales, scalesOf } from './axes.ts';
import { html, type Markup } from './html.ts';

interface Point {
  readonly trial: ResultTrial;
  /** Place in the order of ends, from 1. */
  readonly place: number;
  readonly score: number;
  /** Of the trials that have ended by then; absent before one has trained. */
  readonly best?: number;
}

/** Dots in one chart: beyond, every n-th is drawn and the line stays exact. */
const DOTS = 2000;

export function progressChart(result: SearchResult): Markup {
  const points = pointsOf(result);
  const { metric = 'accuracy' } = result.spec.objectives[0] ?? {};
  const trained = points.filter(({ trial }) => trial.state === 'Trained');
  if (trained.length === 0) return html`<p class="empty">No trial has a score.</p>`;
  const text = (value: number) => shortNumber(formatMetric(metric, value));
  const x = placeAxis(1, points.at(-1)?.place ?? 1, 'trials, in order of their end');
  const scores = trained.map(({ score }) => score);
  const y = valueAxis(scores, { title: metric, text });
  const scales = scalesOf(x, y);
  const stride = Math.ceil(points.length / DOTS);
  const dots = points.filter((_, k) => k % stride === 0);
  const label = `${metric} of ${points.length} trials over time; the best is ${formatMetric(metric, points.at(-1)?.best ?? 0)}`;
  return chartMarkup(label, [
    axesMarkup(x, y, scales),
    html`<path class="best-line" d="${stairs(points, scales)}"/>`,
    ...dots.map((point) => dot(point, scales, metric)),
  ]);
}

function pointsOf({ trials, spec }: SearchResult): Point[] {
  const better = spec.objectives[0]?.goal === 'minimize' ? Math.min : Math.max;
  let best: number | undefined;
  return trials
    .filter(({ purpose, completionTime }) => purpose === 'Search' && completionTime !== undefined)
    .toSorted((a, b) => (a.completionTime ?? '').localeCompare(b.completionTime ?? ''))
    .flatMap((trial, k) => {
      const { score, state } = trial;
      if (score === undefined) return [];
      if (state === 'Trained') best = better(score, best ?? score);
      return [{ trial, place: k + 1, score, ...(best === undefined ? {} : { best }) }];
    });
}

function stairs(points: readonly Point[], { x, y }: Scales): string {
  const steps = points.flatMap(({ place, best }) =>
    best === undefined ? [] : [`H${x(place)}V${y(best)}`],
  );
  // The first step is where the line begins.
  return steps.join('').replace(/^H([\d.]+)V([\d.]+)/, 'M$1 $2');
}

function dot(
  { trial, place, score, best }: Point,
  { x, y }: Scales,
  metric: SearchResult['spec']['objectives'][number]['metric'],
): Markup {
  const leads = trial.state === 'Trained' && score === best;
  const hollow = trial.state === 'Diverged' || trial.state === 'Infeasible';
  const kind = hollow ? `dot ${trial.state.toLowerCase()}` : leads ? 'dot leads' : 'dot';
  const note = hollow ? `, ${trial.state.toLowerCase()}` : '';
  const when = trial.completionTime?.slice(11, 19) ?? '';
  return html`<circle class="${kind}" cx="${x(place)}" cy="${y(score)}" r="${leads ? 5 : 4}"><title>trial #${trial.index}: ${formatMetric(metric, score)}${note} (ended ${when} UTC, ${trial.variation ?? ''})</title></circle>`;
}
