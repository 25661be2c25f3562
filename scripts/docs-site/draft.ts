// A page as it is read: its tokens, with all that links need to know of it. Nothing is written before all pages are read.
import MarkdownIt, { type Token } from 'markdown-it';
import { languageNames } from './code.ts';
import { addMath, mathMarkup } from './math.ts';
import type { Problem } from './site-error.ts';

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** As GitHub names the place. */
  readonly id: string;
}

/** A link or a picture: `token` has its target. */
export interface Reference {
  readonly token: Token;
  readonly attribute: 'href' | 'src';
  readonly line: number;
}

export interface Draft {
  /** From the repository's root. */
  readonly path: string;
  readonly title: string;
  readonly tokens: Token[];
  readonly headings: readonly Heading[];
  readonly references: readonly Reference[];
  /** Of its fences. */
  readonly languages: readonly string[];
  readonly problems: readonly Problem[];
}

export const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
addMath(markdown);
/** The same without equations: what it changes in TeX, GitHub may change. */
const withoutMath = new MarkdownIt();

interface Seen {
  readonly token: Token;
  /** Counted from 1. */
  readonly line: number;
  readonly inside: Token | undefined;
}

/** All tokens with their lines; those within a paragraph by the breaks before them. */
function* walk(tokens: readonly Token[]): Generator<Seen> {
  let line = 1;
  for (const token of tokens) {
    if (token.map !== null) line = token.map[0] + 1;
    yield { token, line, inside: undefined };
    let below = line;
    for (const child of token.children ?? []) {
      yield { token: child, line: below, inside: token };
      if (child.type === 'softbreak' || child.type === 'hardbreak') below += 1;
    }
  }
}

export function readDraft(path: string, source: string): Draft {
  const tokens = markdown.parse(source, {});
  const problems: Problem[] = [];
  const references: Reference[] = [];
  const languages = new Set<string>();
  for (const { token, line } of walk(tokens)) {
    const flaw = flawOf(token);
    if (flaw !== undefined) problems.push({ where: `${path}:${line}`, what: flaw });
    if (token.type === 'link_open') references.push({ token, attribute: 'href', line });
    if (token.type === 'image') references.push({ token, attribute: 'src', line });
    if (token.type === 'fence') languages.add(languageOf(token));
    alignByClass(token);
  }
  const headings = nameHeadings(tokens);
  const title = headings.find(({ level }) => level === 1)?.text;
  if (title === undefined)
    problems.push({ where: path, what: 'no title: expected a heading `# ...`' });
  const draft = { path, title: title ?? path, tokens, headings, references, problems };
  return { ...draft, languages: [...languages] };
}

export const languageOf = (fence: Token): string => fence.info.trim().split(/\s+/)[0] ?? '';

/** What GitHub or the site would not show as it is meant. */
function flawOf(token: Token): string | undefined {
  if (token.type.startsWith('html_') && !/^\s*<!--[\s\S]*-->\s*$/.test(token.content))
    return `raw HTML ${token.content.trim().slice(0, 40)}: write it in Markdown`;
  if (token.type === 'fence') {
    const language = languageOf(token);
    if (language === 'math') return unreadable(token);
    if (language === '' || languageNames.includes(language)) return undefined;
    return `a fence of ${language}: expected none or one of ${languageNames.join(', ')}, math`;
  }
  if (token.type !== 'math') return undefined;
  const isSafe = token.markup === '$`' || isLeftAlone(token.content);
  if (!isSafe)
    return `equation ${token.content}: Markdown would change it on GitHub; write it as $\`...\`$, or as a fence of math`;
  return unreadable(token);
}

function unreadable({ content, block }: Token): string | undefined {
  try {
    mathMarkup(content, block);
    return undefined;
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return `equation ${content.trim()}: ${reason.trim().replace(/:$/, '')}`;
  }
}

const isLeftAlone = (tex: string): boolean =>
  withoutMath.renderInline(tex) === withoutMath.utils.escapeHtml(tex);

/** Columns say by a class how they are set; styles of elements are forbidden. */
function alignByClass(token: Token): void {
  const side = /text-align:(\w+)/.exec(String(token.attrGet('style')))?.[1];
  if (side !== undefined) token.attrs = [['class', `to-${side}`]];
}

function nameHeadings(tokens: readonly Token[]): Heading[] {
  const given = new Map<string, number>();
  return tokens.flatMap((token, k) => {
    if (token.type !== 'heading_open') return [];
    const text = plainText(tokens[k + 1]);
    const name = anchorOf(text);
    const before = given.get(name) ?? 0;
    given.set(name, before + 1);
    const id = before === 0 ? name : `${name}-${before}`;
    token.attrSet('id', id);
    return [{ level: Number(token.tag.slice(1)), text, id }];
  });
}

/** As GitHub names the place of a heading. */
const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '')
    .replaceAll(/\s/g, '-');

/** What a reader sees of a line of text. */
export function plainText(inline: Token | undefined): string {
  const seen = (token: Token): string => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
    const isText = ['text', 'code_inline', 'math', 'image'].includes(token.type);
    return isText ? token.content : '';
  };
  return (inline?.children ?? []).map(seen).join('').trim();
}
