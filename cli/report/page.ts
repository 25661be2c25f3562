// report.html: one file that needs nothing else, neither a network nor a server. Everything is drawn from result.json.
import { formatDuration, formatObjectives, formatPercent } from '../quantities/index.ts';
import type { SearchResult } from '../result/index.ts';
import { comparisonMarkup } from './comparison.ts';
import { HOVER } from './hover.ts';
import { html, type Markup } from './html.ts';
import { accuracyCurves, lossCurves } from './learning-curves.ts';
import { networkMarkup } from './network.ts';
import { progressChart } from './progress-chart.ts';
import { robustnessMarkup, winnersRobustness } from './robustness.ts';
import { ruleSharesMarkup } from './rule-shares.ts';
import { settingsMarkup } from './settings.ts';
import { STYLE } from './style.ts';
import {
  alignmentTable,
  failedTrials,
  failureTable,
  finalTable,
  rankingTable,
  rungTable,
  winnersAlignment,
} from './tables.ts';

/** Nothing may be loaded, from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

export function reportHtml(result: SearchResult): string {
  const { search, state } = result;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${search.name}: ${state.toLowerCase()} search</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${heading(result)}
${tiles(result)}
${winner(result)}
<div class="pair">
<section><h2>Progress</h2>${progressChart(result)}${progressKeys()}</section>
<section><h2>Learning rules of the best networks</h2>${ruleSharesMarkup(result)}</section>
</div>
<div class="pair">
<section><h2>Learning curves: loss</h2>${lossCurves(result)}${curveKeys()}</section>
<section><h2>Learning curves: accuracy</h2>${accuracyCurves(result)}${curveKeys()}</section>
</div>
${section('Ranking', result.best.length > 0, rankingTable(result, result.best))}
${section('What none beats in all objectives', result.pareto.length > 0, rankingTable(result, result.pareto))}
${section('Rungs', result.rungs.length > 0, rungTable(result))}
${section('Final networks', result.final.length > 0, finalTable(result))}
${result.comparisons.map((comparison) => section(comparisonTitle(comparison), true, comparisonMarkup(comparison)))}
${section("The winner's distance to backpropagation", winnersAlignment(result).length > 0, alignmentTable(result))}
${section('The winner under attack', winnersRobustness(result) !== undefined, robustnessMarkup(result))}
${section('Failed trials', failedTrials(result).length > 0, failureTable(result))}
${section('Settings', true, settingsMarkup(result))}
${section('Files', true, files(result))}
</main>
<div id="tip" role="status" hidden></div>
<script>${HOVER}</script>
</body>
</html>
`.text;
}

const section = (title: string, shown: boolean, content: Markup): Markup | undefined =>
  shown ? html`<section><h2>${title}</h2>${content}</section>` : undefined;

const comparisonTitle = ({ trial, variants }: SearchResult['comparisons'][number]): string =>
  `${variants.length === 0 ? 'The seeds of' : 'The network and its controls:'} ${trial}`;

function heading({ search, state, message, spec, startTime }: SearchResult): Markup {
  const { algorithm, scheduling, searchSpace, dataset } = spec;
  const scheduler = scheduling.name === 'none' ? '' : ` with ${scheduling.name}`;
  const when =
    startTime === undefined ? '' : `, begun ${startTime.slice(0, 16).replace('T', ' ')} UTC`;
  return html`<header><h1>${search.name}<span class="state ${state}">${state.toLowerCase()}</span></h1>
<p>${algorithm.name}${scheduler} over ${searchSpace.network ?? searchSpace.kind} on ${dataset.name}${when}; ${message}</p></header>`;
}

function tiles(result: SearchResult): Markup {
  const { best, final, trials, spec, counts, cost } = result;
  const leader = trials.find(({ name }) => name === best[0]?.trial);
  const tested = final[0]?.testAccuracy;
  const entries = [
    ...(tested === undefined ? [] : [['test accuracy of the winner', formatPercent(tested)]]),
    ...(leader?.objectives === undefined
      ? []
      : [['best in the search', formatObjectives(spec.objectives, leader.objectives)]]),
    [
      `of ${spec.budget.trials} trials have ended`,
      String(counts.trained + counts.diverged + counts.infeasible + counts.failed),
    ],
    ...(counts.infeasible === 0
      ? []
      : [['of them outside of the constraints', String(counts.infeasible)]]),
    ['from first proposal to end', formatDuration(cost.wallSeconds)],
    ['of device time', formatDuration(cost.deviceSeconds)],
  ];
  return html`<ul class="tiles">${entries.map(([name = '', value = '']) => html`<li><b>${value}</b><span>${name}</span></li>`)}</ul>`;
}

function winner({ final, best, artifacts }: SearchResult): Markup | undefined {
  const [network] = [...final, ...best];
  if (network === undefined) return undefined;
  const model = artifacts['model.onnx'];
  const link =
    model === undefined ? undefined : html` <a href="${encodeURI(model)}">model.onnx</a>`;
  const title = final.length > 0 ? 'The winning network' : 'The best network so far';
  return html`<section><h2>${title}: ${network.trial}</h2>${networkMarkup(network.genotype)}<p class="genotype">${link}</p></section>`;
}

const progressKeys = (): Markup =>
  html`<ul class="keys"><li><i style="--c: var(--accent)"></i>best so far</li><li><i style="--c: var(--muted)"></i>each trial</li></ul>`;

const curveKeys = (): Markup =>
  html`<ul class="keys"><li><i style="--c: var(--muted)"></i>search trials</li><li><i style="--c: var(--accent)"></i>best of them</li><li><i class="final" style="--c: var(--final)"></i>final networks (training pictures)</li></ul>`;

function files({ artifacts }: SearchResult): Markup {
  const names = { result: 'result.json', ...artifacts };
  const rows = Object.entries(names).flatMap(([name, path]) =>
    name === 'report'
      ? []
      : [html`<dt>${name}</dt><dd><a href="${encodeURI(path)}">${path}</a></dd>`],
  );
  return html`<dl>${rows}</dl>`;
}
