// Equations: `$...$`, $`...`$, `$$...$$` and fences of math become MathML, which browsers draw without fonts or scripts of ours.
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import temml from 'temml';

const INLINE = [
  // GitHub's form that Markdown leaves alone.
  { form: /\$`([^`]+)`\$/y, markup: '$`', display: false },
  { form: /\$\$((?:[^$\\]|\\.)+)\$\$/y, markup: '$$', display: true },
  // No space at the inner sides and no digit or letter after: 5 $ or 6 $ are money.
  { form: /\$((?!\s)(?:[^$\\\n]|\\.)+?(?<!\s))\$(?![\p{L}\p{N}])/uy, markup: '$', display: false },
] as const;

function inlineMath(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '$') return false;
  for (const { form, markup, display } of INLINE) {
    form.lastIndex = state.pos;
    const match = form.exec(state.src);
    if (match === null) continue;
    if (!silent) {
      const token = state.push('math', 'math', 0);
      Object.assign(token, { markup, content: match[1], block: display });
    }
    state.pos += match[0].length;
    return true;
  }
  return false;
}

/** A block that opens with `$$` and ends with the next line that closes it. */
function blockMath(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const lineAt = (k: number) =>
    state.src.slice((state.bMarks[k] ?? 0) + (state.tShift[k] ?? 0), state.eMarks[k]).trimEnd();
  if (!lineAt(start).startsWith('$$')) return false;
  let last = start;
  const closes = (k: number) => lineAt(k).endsWith('$$') && (k > start || lineAt(k).length > 4);
  while (last < end && !closes(last)) last += 1;
  if (last === end) return false;
  if (silent) return true;
  const lines = Array.from({ length: last - start + 1 }, (_, k) => lineAt(start + k));
  const token = state.push('math', 'math', 0);
  const content = lines.join('\n').slice(2, -2).trim();
  Object.assign(token, { markup: '$$', content, map: [start, last + 1] });
  state.line = last + 1;
  return true;
}

export function addMath(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('escape', 'math', inlineMath);
  markdown.block.ruler.before('fence', 'math', blockMath, { alt: ['paragraph', 'list'] });
}

/**
 * TeX as MathML. Styles of elements, which a strict policy forbids, become attributes that `mathStyles` speaks of.
 * Throws what Temml says where it cannot read it.
 */
export const mathMarkup = (tex: string, display: boolean): string =>
  temml
    .renderToString(tex, { displayMode: display, throwOnError: true })
    .replaceAll(' style="', ' data-style="');

/** Rules for the styles that pages ask for. */
export function mathStyles(pages: Iterable<string>): string {
  const styles = new Set<string>();
  for (const page of pages)
    for (const [, style = ''] of page.matchAll(/ data-style="([^"]*)"/g)) styles.add(style);
  return [...styles]
    .toSorted()
    .map((style) => `[data-style="${style}"] {\n  ${style}\n}\n`)
    .join('');
}
