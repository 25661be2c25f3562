// The commands of a page: lines of its fenced blocks that a reader types, each with the output that the page shows below it.

export interface Command {
  readonly page: string;
  /** From 1. */
  readonly line: number;
  /** As a shell takes it, without a prompt and a comment at its end; with the text that follows `<<EOF`. */
  readonly text: string;
  readonly output: readonly string[];
}

/** A file that a page shows whole, and names beside the language of its block. */
export interface ShownFile {
  readonly name: string;
  readonly text: string;
}

interface Block {
  readonly language: string;
  /** Beside the language. */
  readonly name: string | undefined;
  /** Of its first line. */
  readonly line: number;
  readonly lines: readonly string[];
}

const PROGRAMS =
  'bionas|kubectl|helm|make|node|npx|npm|curl|docker|openssl|git|cp|cd|mkdir|cat|sed|export|eval|tensorboard|mlflow|python3?|pip|source|sudo|apt(?:-get)?|scripts/\\S+';
/** What a line begins with that is typed: variables, then a program. */
const TYPED = new RegExp(`^(?:[A-Z_]+=(?:"[^"]*"|\\S*) )*(?:(?:\\S*/)?(?:${PROGRAMS}))(?: |$)`);
const SHELLS = ['', 'sh', 'bash', 'console'];

export const commandsOf = (page: string, text: string): Command[] =>
  blocksOf(text)
    .filter(({ language }) => SHELLS.includes(language))
    .flatMap((block) => commandsIn(block).map((command) => ({ page, ...command })));

export const filesOf = (text: string): ShownFile[] =>
  blocksOf(text).flatMap(({ name, lines }) =>
    name === undefined ? [] : [{ name, text: `${lines.join('\n')}\n` }],
  );

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: (Block & { indent: string; lines: string[] }) | undefined;
  for (const [k, line] of text.split('\n').entries()) {
    const fence = /^(?<indent> *)```(?<info>.*)$/.exec(line);
    if (fence === null) open?.lines.push(line.slice(open.indent.length));
    else if (open !== undefined) {
      blocks.push(open);
      open = undefined;
    } else {
      const { indent = '', info = '' } = fence.groups ?? {};
      const [language = '', name] = info.trim().split(' ');
      open = { language, name, line: k + 2, indent, lines: [] };
    }
  }
  return blocks;
}

function commandsIn({ language, line, lines }: Block): Omit<Command, 'page'>[] {
  const start = lines.findIndex((each) => each !== '' && !each.startsWith('#'));
  const first = (lines[start] ?? '').replace(/\\$/, lines[start + 1]?.trim() ?? '');
  const isHelp = first.startsWith('Usage: ');
  const isTyped = (each: string): boolean => {
    if (language === 'console') return each.startsWith('$ ');
    if (isHelp) return each.startsWith('  ') && TYPED.test(each.trim());
    return each.trim() !== '' && !each.startsWith('#');
  };
  if (language !== 'console' && !isHelp && !TYPED.test(first)) return [];
  const examples = isHelp ? lines.indexOf('Examples:') : 0;
  if (examples < 0) return [];
  const found: { line: number; text: string; output: string[] }[] = [];
  for (let k = examples; k < lines.length; k++) {
    const each = lines[k] ?? '';
    if (isTyped(each)) {
      const whole = wholeFrom(lines, k);
      found.push({ line: line + k, text: typed(whole), output: [] });
      k += whole.length - 1;
    } else if (language === 'console') found.at(-1)?.output.push(each);
  }
  return found;
}

/** The line with those that belong to it: after a backslash, in quotes that are open, up to `done` or the end that `<<EOF` names. */
function wholeFrom(lines: readonly string[], start: number): string[] {
  const whole = [lines[start] ?? ''];
  const begun = whole[0] ?? '';
  const end = /^for .* do$/.test(begun)
    ? 'done'
    : /<<-?'?(?<word>\w+)'?/.exec(begun)?.groups?.['word'];
  const isOpen = (): boolean => {
    const last = uncommented(whole.at(-1) ?? '');
    if (end !== undefined) return last !== end;
    const quotes = whole.map(uncommented).join('').split("'").length - 1;
    return last.endsWith('\\') || quotes % 2 === 1;
  };
  while (isOpen() && start + whole.length < lines.length)
    whole.push(lines[start + whole.length] ?? '');
  return whole;
}

const uncommented = (line: string): string => line.replace(/ +# .*$/, '');

const typed = (whole: readonly string[]): string =>
  whole
    .map(uncommented)
    .join('\n')
    .replace(/^(?:\$| ) +/, '')
    .trimEnd();
