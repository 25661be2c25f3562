// The winning network: its cells as graphs or its layers as a chain, with the colours of the rules told.
import type { LearningRuleName } from '../../crds/index.ts';
import { ruleColor } from '../drawing/index.ts';
import { type ChainDiagram, drawingOf, rulesIn } from '../genotype/index.ts';
import { cellGraph } from './cell-graph.ts';
import { html, type Markup } from './html.ts';

export function networkMarkup(genotype: string): Markup {
  const { diagrams, rest } = drawingOf(genotype);
  const drawn = diagrams.map((diagram) =>
    diagram.kind === 'cell' ? cellGraph(diagram) : chain(diagram),
  );
  return html`<div class="cells">${drawn}</div>${legend(genotype, rest)}<p class="genotype"><code>${genotype}</code></p>`;
}

function chain({ title, layers }: ChainDiagram): Markup {
  const items = layers.map(
    ({ name, rule }) =>
      html`<li style="--rule: ${ruleColor(rule)}"><span>${name}</span> <b>${rule}</b></li>`,
  );
  return html`<figure class="cell"><figcaption>${title}</figcaption><ol class="chain">${items}</ol></figure>`;
}

function legend(genotype: string, rest: LearningRuleName | undefined): Markup {
  const used = [...new Set(rulesIn(genotype))].toSorted();
  const others =
    rest === undefined
      ? undefined
      : html`<li>all other layers (stem, reductions, classifier): ${swatch(rest)}<b>${rest}</b></li>`;
  return html`<ul class="legend" aria-label="Learning rules">${used.map((rule) => html`<li>${swatch(rule)}${rule}</li>`)}${others}</ul>`;
}

export const swatch = (rule: LearningRuleName): Markup =>
  html`<i class="swatch" style="--rule: ${ruleColor(rule)}"></i>`;
