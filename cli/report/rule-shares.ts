// Which rules the best networks have, against all that were searched.
import type { LearningRuleName } from '../../crds/index.ts';
import { ruleColor } from '../drawing/index.ts';
import { rulesIn } from '../genotype/index.ts';
import type { ResultTrial, SearchResult } from '../result/index.ts';
import { html, type Markup } from './html.ts';
import { swatch } from './network.ts';

export interface RuleShare {
  readonly rule: LearningRuleName;
  /** Of all places with a rule, in [0, 1]. */
  readonly best: number;
  readonly all: number;
}

/** Fewer have no quarter worth the name. */
const LEAST_TRIALS = 8;

/** Shares over the best quarter of the scored search trials and over all of them. */
export function ruleShares({ trials, spec }: SearchResult): RuleShare[] {
  const minimize = spec.objectives[0]?.goal === 'minimize';
  const worse = (a: number, b: number) => (minimize ? a - b : b - a);
  const scored = trials
    .filter(({ purpose, score }) => purpose === 'Search' && score !== undefined)
    .toSorted((a, b) => worse(a.score ?? 0, b.score ?? 0));
  if (scored.length < LEAST_TRIALS) return [];
  const quarter = sharesOf(scored.slice(0, Math.ceil(scored.length / 4)));
  const all = sharesOf(scored);
  return spec.searchSpace.learningRules.map((rule) => ({
    rule,
    best: quarter.get(rule) ?? 0,
    all: all.get(rule) ?? 0,
  }));
}

function sharesOf(trials: readonly ResultTrial[]): Map<LearningRuleName, number> {
  const rules = trials.flatMap(({ genotype }) => rulesIn(genotype));
  const counts = new Map<LearningRuleName, number>();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return new Map([...counts].map(([rule, count]) => [rule, count / rules.length]));
}

export function ruleSharesMarkup(result: SearchResult): Markup {
  const shares = ruleShares(result);
  if (shares.length === 0)
    return html`<p class="empty">Told from ${LEAST_TRIALS} scored trials on.</p>`;
  const widest = Math.max(...shares.flatMap(({ best, all }) => [best, all]));
  const bar = (share: number, kind: string) =>
    html`<div class="bar"><i class="${kind}" style="width: ${Math.round((70 * share) / widest)}%"></i><span>${(100 * share).toFixed(0)} %</span></div>`;
  const rows = shares.map(
    ({ rule, best, all }) =>
      html`<tr style="--rule: ${ruleColor(rule)}"><th scope="row">${swatch(rule)}${rule}</th><td>${bar(best, 'strong')}</td><td>${bar(all, 'weak')}</td></tr>`,
  );
  return html`<table class="shares"><thead><tr><th scope="col">rule</th><th scope="col">best quarter</th><th scope="col">all trials</th></tr></thead><tbody>${rows}</tbody></table>`;
}
