// Tokens of a page as HTML, and as the pieces of text that search looks through.
import type { Token } from 'markdown-it';
import { html } from '../../cli/report/index.ts';
import type { Highlight } from './code.ts';
import { type Draft, languageOf, markdown, plainText } from './draft.ts';
import { mathMarkup } from './math.ts';

interface Environment {
  readonly highlight: Highlight;
}

const { rules } = markdown.renderer;
const highlighted = (code: string, language: string, { highlight }: Environment): string =>
  codeBlock(code.trimEnd(), language, highlight);

/** Marked as to be scrolled, and to be copied. */
export const codeBlock = (code: string, language: string, highlight: Highlight): string =>
  html`<div class="code" data-language="${language}"><pre class="scrolls"><code>${highlight(code, language)}</code></pre></div>\n`
    .text;

rules['fence'] = (tokens, k, _, env) => {
  const token = at(tokens, k);
  const language = languageOf(token);
  if (language === 'math') return equation(token);
  return highlighted(token.content, language, env as unknown as Environment);
};
rules['code_block'] = (tokens, k, _, env) =>
  highlighted(at(tokens, k).content, '', env as unknown as Environment);
rules['math'] = (tokens, k) => equation(at(tokens, k));
// Long names may break where they have a joint, so that tables stay narrow.
rules['code_inline'] = (tokens, k) => {
  const parts = at(tokens, k).content.split(/(?<=[\w\]][./_])(?=\w)/);
  return html`<code>${parts.map((part, n) => (n === 0 ? html`${part}` : html`<wbr>${part}`))}</code>`
    .text;
};
rules['table_open'] = () => '<div class="scrolls">\n<table>\n';
rules['table_close'] = () => '</table>\n</div>\n';
// Columns are as wide as what is in them needs: numbers stay whole, sentences get room.
rules['td_open'] = (tokens, k, options) => {
  const token = at(tokens, k);
  const { length } = plainText(at(tokens, k + 1));
  if (length > 40) token.attrJoin('class', 'words');
  else if (length < 12) token.attrJoin('class', 'short');
  return markdown.renderer.renderToken(tokens, k, options);
};
rules['heading_close'] = (tokens, k) => {
  const open = at(tokens, k - 2);
  const id = open.attrGet('id');
  const title = plainText(at(tokens, k - 1));
  return html` <a class="anchor" href="#${id ?? ''}" aria-label="Link to ${title}">#</a></${open.tag}>\n`
    .text;
};
// Only comments are left of what is raw.
rules['html_block'] = () => '';
rules['html_inline'] = () => '';

const equation = ({ content, block }: Token): string =>
  block
    ? `<div class="equation scrolls">${mathMarkup(content, true)}</div>\n`
    : mathMarkup(content, false);

function at(tokens: readonly Token[], k: number): Token {
  const token = tokens[k];
  if (token === undefined) throw new RangeError(`no token ${k} of ${tokens.length}`);
  return token;
}

export const renderDraft = ({ tokens }: Draft, highlight: Highlight): string =>
  markdown.renderer.render(tokens, markdown.options, { highlight });

/** What stands below a heading, up to the next. */
export interface Passage {
  readonly heading: string;
  readonly id: string;
  readonly text: string;
}

export function passagesOf(draft: Draft): Passage[] {
  const headings = draft.headings.values();
  const passages: { heading: string; id: string; words: string[] }[] = [];
  draft.tokens.forEach((token, k) => {
    if (token.type === 'heading_open') {
      const { text: heading = '', id = '' } = headings.next().value ?? {};
      passages.push({ heading, id, words: [] });
    } else if (draft.tokens[k - 1]?.type !== 'heading_open')
      passages.at(-1)?.words.push(wordsOf(token));
  });
  return passages.map(({ words, ...place }) => ({
    ...place,
    text: words.join(' ').replaceAll(/\s+/g, ' ').trim(),
  }));
}

const wordsOf = (token: Token): string => {
  if (token.type === 'inline') return plainText(token);
  return ['fence', 'code_block', 'math'].includes(token.type) ? token.content : '';
};
