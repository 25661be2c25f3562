// docs/rules.md has a section for every rule and local operation of the contract, with its equation, a line for a manifest that the
// schema takes, and the sources that its file names. A rule that is new and explained nowhere is found here.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { LEARNING_RULES, LOCAL_OPERATIONS, SearchSpace } from '../../crds/index.ts';
import { loadLearningRules } from '../../trainer/learning-rules/index.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

/** Sections of the third level, by what stands before the colon of their heading. */
const sections = new Map(
  page
    .split(/^##+ /m)
    .slice(1)
    .map((text) => [text.slice(0, text.search(/:|\n/)), text] as const),
);
const sectionOf = (name: string): string => sections.get(name) ?? `no section ${name}`;

/** Of a section: what its line `Manifest` has in code first. */
const manifestOf = (name: string): unknown =>
  parse(/^- Manifest: `([^`]+)`/m.exec(sectionOf(name))?.[1] ?? '');

const rules = await loadLearningRules();

test.each(LEARNING_RULES)('%s is explained by its title and sources', (name) => {
  const { title, source } = rules[name];
  expect(sectionOf(name)).toContain(`${name}: ${title}\n`);
  expect(sectionOf(name)).toContain(`- Source: ${source}`);
});

test.each(LEARNING_RULES)('%s is used as its section says', (name) => {
  const space = SearchSpace.parse({ kind: 'nb201', ...Object(manifestOf(name)) });
  expect(space.learningRules).toEqual([name]);
});

test.each(LEARNING_RULES)('%s is in the table that compares them', (name) => {
  expect(page).toMatch(new RegExp(`^\\| \\[${name}\\]\\(#${name.toLowerCase()}-`, 'm'));
});

test.each(LOCAL_OPERATIONS)('%s is used as its section says', (name) => {
  const space = SearchSpace.parse({ kind: 'nb201', ...Object(manifestOf(name)) });
  expect(space.operations).toContain(name);
  expect(sectionOf(name)).toMatch(/^- Source: \S/m);
});

test.each([...LEARNING_RULES, ...LOCAL_OPERATIONS])('%s has its equation', (name) => {
  expect(sectionOf(name)).toMatch(/^```math\n[^`]+\n```$/m);
});
