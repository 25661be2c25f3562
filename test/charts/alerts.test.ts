// Alerts and dashboard against what the operator measures, and against the runbooks: no rule watches a metric, a label or a value
// that is never there, and nobody is woken up without being told what to do. That the catalog is what a real operator serves is
// test/cluster/telemetry's to show.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../operator/metrics.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const filesOf = (folder: string) => readdirSync(join(ROOT, folder)).map((f) => join(folder, f));

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly expr: string }[];
}

const alerts = filesOf('charts/bionas/alerts').flatMap((file) =>
  (parse(read(file)) as { groups: { rules: Alert[] }[] }).groups.flatMap(({ rules }) => rules),
);
const panels = filesOf('charts/bionas/dashboards').flatMap(
  (file) => (JSON.parse(read(file)) as { panels: Panel[] }).panels,
);
const expressions = [
  ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel ${title}`, expr] as const),
  ),
];

const described = (name: string) =>
  METRICS.find(
    (metric) =>
      name === `bionas_${metric.name}` ||
      (metric.kind === 'histogram' &&
        name.replace(/_(bucket|sum|count)$/, '') === `bionas_${metric.name}`),
  );

/** `name{a="b",c=~"d"}` of an expression. */
const selectorsOf = (expr: string) =>
  [...expr.matchAll(/\b(bionas_[a-z_]+)(?:\{([^}]*)\})?/g)].map(([, name = '', inside = '']) => ({
    name,
    matchers: [...inside.matchAll(/([a-z_]+)(=~|!~|!=|=)"([^"]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
    ),
  }));

describe.each(expressions)('%s', (_name, expr) => {
  test('reads what is measured, by labels and values that there are', () => {
    const selectors = selectorsOf(expr);
    expect(selectors).not.toEqual([]);
    for (const { name, matchers } of selectors) {
      const labels = described(name)?.labels ?? {};
      expect([name, described(name) !== undefined]).toEqual([name, true]);
      for (const { label, operator, value } of matchers) {
        expect(Object.keys(labels)).toContain(label);
        const values = labels[label];
        if (values !== undefined && !operator.includes('~')) expect(values).toContain(value);
      }
    }
  });

  test('groups by labels that there are', () => {
    const known = selectorsOf(expr).flatMap(({ name }) =>
      Object.keys(described(name)?.labels ?? {}),
    );
    for (const [, list = ''] of expr.matchAll(/\bby \(([^)]*)\)/g))
      for (const label of list.split(',').map((text) => text.trim()))
        expect(['le', ...known]).toContain(label);
  });
});

describe('runbooks', () => {
  const sections = new Map(
    read('docs/runbooks.md')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
  );

  test('there is one for each alert, and no other', () => {
    expect([...sections.keys()].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  test.each(alerts)('$alert says what it means, how to look and what to do', (rule) => {
    const { alert, annotations, labels } = rule;
    expect(annotations['runbook_url']).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
    for (const part of ['Means', 'Look', 'Do'])
      expect(sections.get(alert)).toContain(`**${part}.**`);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(annotations['summary']).toBeTruthy();
  });

  test('their links lead to a section', () => {
    const anchors = [...sections.keys()].map((name) => name.toLowerCase());
    for (const [, anchor] of read('docs/runbooks.md').matchAll(/\]\(#([^)]+)\)/g))
      expect(anchors).toContain(anchor);
  });
});

describe('the dashboard', () => {
  test('shows every metric that people ask for, and says of each panel what it is', () => {
    for (const { title, targets, description } of panels)
      if (targets !== undefined) expect([title, Boolean(description)]).toEqual([title, true]);
    const shown = new Set(
      panels.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) => selectorsOf(expr).map(({ name }) => described(name)?.name)),
      ),
    );
    const left = METRICS.map(({ name }) => name).filter((name) => !shown.has(name));
    expect(left).toEqual(LEFT_OUT);
  });

  test('has no panel over another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });
});

/** For whoever looks closer. */
const LEFT_OUT = [
  'workqueue_adds_total',
  'workqueue_retries_total',
  'informer_objects',
  'kubernetes_retries_total',
  'kubernetes_watches_ended_total',
  'traces_dropped_total',
];
