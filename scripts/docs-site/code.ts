// Code in colours: what kind of word each is becomes a class, and the style sheet has the colours of light and dark.
import { createCssVariablesTheme, createHighlighterCore, type LanguageInput } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { html, type Markup } from '../../cli/report/index.ts';

/** Names that may follow a fence; a language is loaded when a page uses it. */
const LANGUAGES: Readonly<Record<string, LanguageInput>> = {
  console: () => import('shiki/langs/console.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  sh: () => import('shiki/langs/sh.mjs'),
  tex: () => import('shiki/langs/tex.mjs'),
  ts: () => import('shiki/langs/ts.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
};
/** By the endings of files. */
const OF_ENDING: Readonly<Record<string, string>> = { py: 'python', yml: 'yaml' };
const THEME = createCssVariablesTheme();

export const languageNames: readonly string[] = Object.keys(LANGUAGES);

export function languageOfFile(path: string): string {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  const language = OF_ENDING[ending] ?? ending;
  return language in LANGUAGES ? language : '';
}

/** Markup of code in a language of `languageNames`; in any other, or none, it stays plain. */
export type Highlight = (code: string, language: string) => Markup;

export async function createHighlight(used: Iterable<string>): Promise<Highlight> {
  const known = [...new Set(used)].filter((name) => name in LANGUAGES);
  const highlighter = await createHighlighterCore({
    themes: [THEME],
    langs: known.map((name) => LANGUAGES[name] ?? []),
    engine: createJavaScriptRegexEngine(),
  });
  return (code, language) => {
    if (!known.includes(language)) return html`${code}`;
    // Without the limit of half a second a line, by which a busy machine would colour less.
    const options = { lang: language, theme: THEME, tokenizeTimeLimit: 0 };
    const { tokens } = highlighter.codeToTokens(code, options);
    const lines = tokens.map((line) => line.map(({ content, color }) => word(content, color)));
    return html`${lines.map((line, k) => html`${k > 0 ? '\n' : ''}${line}`)}`;
  };
}

/** `var(--shiki-token-string)` is the class `string`; words of no kind stay bare. */
function word(content: string, color: string | undefined): Markup {
  const kind = /--shiki-token-([\w-]+)/.exec(color ?? '')?.[1];
  return kind === undefined ? html`${content}` : html`<span class="code-${kind}">${content}</span>`;
}
