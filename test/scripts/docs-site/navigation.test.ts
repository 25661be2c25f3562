// The navigation has every page once; what is forgotten, twice there or gone is refused.
import { expect, test } from 'vitest';
import { readNavigation } from '../../../scripts/docs-site/index.ts';

const PAGES = ['README.md', 'docs/adr/0001-one.md', 'docs/adr/0002-two.md', 'docs/adr/README.md'];
const WHOLE = `
- section: Start
  pages:
    - README.md: What it is
- section: Decisions
  pages:
    - docs/adr/README.md
    - docs/adr/*.md
`;

test('a pattern stands for the pages that are not named', () => {
  const [start, decisions] = readNavigation(WHOLE, PAGES);
  expect(start?.entries).toEqual([{ path: 'README.md', title: 'What it is' }]);
  expect(decisions?.entries.map(({ path }) => path)).toEqual([
    'docs/adr/README.md',
    'docs/adr/0001-one.md',
    'docs/adr/0002-two.md',
  ]);
});

test.each([
  [
    'a forgotten page',
    WHOLE,
    [...PAGES, 'docs/rules.md'],
    'docs/rules.md: in no section of docs/navigation.yaml: add it to one',
  ],
  [
    'a page that is there twice',
    `${WHOLE}    - README.md\n`,
    PAGES,
    'docs/navigation.yaml: README.md is there twice: take one out',
  ],
  [
    'a page that is gone',
    WHOLE,
    PAGES.map((page) => page.replace('README', 'READYOU'))
      .slice(0, 1)
      .concat(PAGES.slice(1)),
    'docs/navigation.yaml: there is no page README.md; did you mean READYOU.md?',
  ],
  ['another form', '- title: Start\n', PAGES, 'docs/navigation.yaml: '],
])('%s', (_, text, pages, problem) => {
  expect(() => readNavigation(text, pages)).toThrow(problem);
});
