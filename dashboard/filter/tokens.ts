// A filter's text as terms: `state:Trained -reason:OutOfMemory "edge 0":uSF accuracy>0.8 hebbian`. Pure.

export const OPERATORS = [':', '!=', '>=', '<=', '=', '>', '<'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Token {
  /** As it stands in the text, for messages. */
  readonly text: string;
  /** `-` stands before it: what does not fit is meant. */
  readonly not: boolean;
  /** Absent: a word, to be found anywhere. */
  readonly field?: string;
  readonly operator?: Operator;
  /** Of `a|b` both. */
  readonly values: readonly string[];
}

/** Anything but spaces, with spaces where quotes stand around them. */
const TERMS = /(?:"[^"]*"?|[^\s"])+/g;
const PARTS = /^((?:"[^"]*"?|[^\s":=<>!])+)(:|!=|>=|<=|=|>|<)(.*)$/s;

/** An arrow may be typed: `0->1` is `0→1`, as places of cells are named. */
export const tokensOf = (text: string): Token[] =>
  (text.replaceAll('->', '→').match(TERMS) ?? []).flatMap(tokenOf);

function tokenOf(text: string): Token[] {
  const not = text.startsWith('-') && text.length > 1;
  const body = not ? text.slice(1) : text;
  const [, field, operator, values = ''] = PARTS.exec(body) ?? [];
  if (field === undefined) return [{ text, not, values: [bare(body)] }];
  const listed = (values.match(/(?:"[^"]*"?|[^|"])+/g) ?? []).map(bare);
  return [{ text, not, field: bare(field), operator: operator as Operator, values: listed }];
}

const bare = (text: string): string => text.replaceAll('"', '');

/** In quotes where it would fall apart without. */
export const quoted = (text: string): string => (/[\s:=<>!|]|^-/.test(text) ? `"${text}"` : text);
