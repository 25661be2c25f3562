// What is wrong with pages is said with its place and what to do, all at once, before anything is built.
import { expect, test } from 'vitest';
import { buildSite } from '../../../scripts/docs-site/index.ts';
import { docsRepository } from '../../builders/docs-repository.ts';

const RULES = '# Rules\n\n## Kolen-Pollack\n';

test.each([
  [
    'a link to no page',
    'See [the rules](ruls.md).',
    'docs/a.md:3: link to ruls.md: there is no docs/ruls.md; did you mean docs/rules.md?',
  ],
  [
    'a link to no heading',
    'One.\nSee [it](rules.md#kolen-polack).',
    'docs/a.md:4: link to rules.md#kolen-polack: docs/rules.md has no such heading; did you mean kolen-pollack?',
  ],
  [
    'a picture that is not there',
    '![x](images/x.png)',
    'docs/a.md:3: link to images/x.png: there is no docs/images/x.png',
  ],
  [
    'a link out of the repository',
    '[x](../../x)',
    'docs/a.md:3: link to ../../x: there is no ../x',
  ],
  [
    'a wrong link in a table',
    '| a |\n|---|\n| b |\n| [c](d.md) |',
    'docs/a.md:6: link to d.md: there is no docs/d.md; did you mean docs/a.md?',
  ],
  [
    'an equation that is none',
    'Text,\n$`W \\nope`$.',
    'docs/a.md:4: equation W \\nope: Unsupported function name: \\nope at position 3',
  ],
  ['a broken fence of math', '```math\n\\frac{a\n```', 'docs/a.md:3: equation \\frac{a: '],
  [
    'an equation that Markdown would change',
    'So $\\{a, b\\}$.',
    'docs/a.md:3: equation \\{a, b\\}: Markdown would change it on GitHub; write it as $`...`$, or as a fence of math',
  ],
  [
    'a language that is not known',
    '```yml\na: 1\n```',
    'docs/a.md:3: a fence of yml: expected none or one of ',
  ],
  ['raw HTML', 'So <b>bold</b>.', 'docs/a.md:3: raw HTML <b>: write it in Markdown'],
])('%s', async (_, text, problem) => {
  const site = buildSite(
    docsRepository({ 'docs/a.md': `# A\n\n${text}\n`, 'docs/rules.md': RULES }),
  );
  await expect(site).rejects.toThrow(problem);
});

test('a page without a title', async () => {
  const site = buildSite(docsRepository({ 'docs/a.md': '## A\n' }));
  await expect(site).rejects.toThrow('docs/a.md: no title: expected a heading `# ...`');
});

test('all of them are told together', async () => {
  const site = buildSite(
    docsRepository({ 'docs/a.md': '[x](y.md)\n', 'docs/b.md': '# B\n\n$`\\x`$' }),
  );
  await expect(site).rejects.toMatchObject({
    problems: [{ where: 'docs/a.md' }, { where: 'docs/b.md:3' }, { where: 'docs/a.md:1' }],
  });
});
