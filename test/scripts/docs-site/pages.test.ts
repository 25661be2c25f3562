// A few pages as HTML: places named as GitHub names them, links, equations, code, tables, files that are spoken of.
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from '../../../scripts/docs-site/index.ts';
import { docsRepository } from '../../builders/docs-repository.ts';

const PAGE = `# Rules & \`more\`

## What, and why?
## A <-> B (two)
## What, and why?

[own](#what-and-why-1), [other](../README.md), [place](b.md#b), [file](../examples/a.yaml), [folder](../examples/),
[far](https://example.org/x.md), ![picture](images/x.png)

Inline $W_l$ and $\`\\{a\\}\`$; a price of 5 $ or 6 $; \`$HOME/$USER\`.

$$
\\Delta W = -\\eta
$$

\`\`\`math
\\begin{aligned} a &= b \\\\\\\\ c &= d \\end{aligned}
\`\`\`

\`\`\`yaml
a: "<b>" # c
\`\`\`

| a | b |
|---|--:|
| \`a.b_c\` | 2 |

<!-- said to nobody -->
`;

let site: Map<string, string | Buffer>;
let page: string;
beforeAll(async () => {
  site = await buildSite(
    docsRepository({
      'README.md': '# Start\n',
      'docs/a.md': PAGE,
      'docs/b.md': '# B\n',
      'docs/images/x.png': 'png',
      'examples/a.yaml': '# Says what\n# it is. And more.\na: 1\n',
      'examples/deep/b.txt': 'plain\n',
    }),
  );
  page = String(site.get('docs/a.html'));
}, 60_000);

test('headings have the places that GitHub gives them, and are listed beside the text', () => {
  const ids = [...page.matchAll(/<h\d id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['rules--more', 'what-and-why', 'a---b-two', 'what-and-why-1']);
  expect(page).toContain('<li class="level-2"><a href="#a---b-two">A &lt;-&gt; B (two)</a></li>');
  expect(page).toContain('<title>Rules &amp; more - bionas</title>');
});

test.each([
  ['its own place', '<a href="#what-and-why-1">own</a>'],
  ['another page', '<a href="../index.html">other</a>'],
  ['a place on it', '<a href="b.html#b">place</a>'],
  ['a file', '<a href="../examples/a.yaml.html">file</a>'],
  ['a folder', '<a href="../examples/index.html">folder</a>'],
  ['elsewhere', '<a href="https://example.org/x.md">far</a>'],
  ['a picture', '<img src="images/x.png" alt="picture">'],
])('a link to %s', (_, link) => {
  expect(page).toContain(link);
});

describe('equations', () => {
  test('become MathML, in a line and as blocks', () => {
    expect(page).toMatch(/Inline <math>.*<\/math> and <math>.*<\/math>; a price of 5 \$ or 6 \$/);
    expect(page.match(/<div class="equation scrolls"><math display="block"/g)).toHaveLength(2);
    expect(page).toContain('<code>$HOME/$USER</code>');
  });

  test('have their styles in the style sheet', () => {
    const [, style = ''] = /<mtd[^>]* data-style="([^"]*)"/.exec(page) ?? [];
    expect(style).not.toBe('');
    expect(site.get('site.css')).toContain(`[data-style="${style}"] {\n  ${style}\n}`);
  });
});

test('code has its words marked, and is escaped', () => {
  expect(page).toContain('<span class="code-string-expression">&quot;&lt;b&gt;&quot;</span>');
  expect(page).toMatch(/<span class="code-comment"># c<\/span>/);
});

test('a table scrolls by itself, and its columns are set by classes', () => {
  expect(page).toMatch(/<div class="scrolls">\s*<table>/);
  expect(page).toContain('<td class="to-right short">2</td>');
  expect(page).toContain('<td class="short"><code>a.<wbr>b_<wbr>c</code></td>');
});

test('comments stay in the sources', () => {
  expect(page).not.toContain('said to nobody');
});

test('files that are spoken of are pages of the site, folders with all that is in them', () => {
  expect(site.get('examples/a.yaml.html')).toContain('<h1>examples/a.yaml</h1>');
  const folder = String(site.get('examples/index.html'));
  expect(folder).toContain('<a href="a.yaml.html">a.yaml</a> <span>Says what it is.</span>');
  expect(folder).toContain('<a href="deep/index.html">deep/</a>');
  expect(site.get('examples/deep/b.txt.html')).toContain('plain');
});
