// From a filter's text to a question that a trial answers with yes or no, and to what is wrong with the text. Pure.
import type { TrialRow } from '../api.ts';
import { amountOf } from './amount.ts';
import { FIELD_NAMES, type Field, fieldsOf, type Terms } from './fields.ts';
import { type Operator, type Token, tokensOf } from './tokens.ts';

export type Question = (row: TrialRow) => boolean;

export interface Filter {
  readonly fits: Question;
  /** Terms that mean nothing are left out, and told here. */
  readonly problems: readonly string[];
}

export function filterOf(text: string, terms: Terms): Filter {
  const fields = fieldsOf(terms);
  const parts = tokensOf(text).map((token) => questionOf(token, fields, terms));
  const questions = parts.filter((part) => typeof part === 'function');
  const problems = parts.filter((part) => typeof part === 'string');
  return { fits: (row) => questions.every((question) => question(row)), problems };
}

function questionOf(
  token: Token,
  fields: ReadonlyMap<string, Field>,
  terms: Terms,
): Question | string {
  const question = plainQuestion(token, fields, terms);
  if (typeof question === 'string' || !token.not) return question;
  return (row) => !question(row);
}

function plainQuestion(
  token: Token,
  fields: ReadonlyMap<string, Field>,
  terms: Terms,
): Question | string {
  const { field: name, operator, values, text } = token;
  if (name === undefined || operator === undefined) return wordAnywhere(values[0] ?? '', terms);
  const field = fields.get(name.toLowerCase());
  if (field === undefined) {
    // `sep_conv_3x3:uSF` is a value of places, and reads like a field.
    const known = genesLike(`${name}${operator}${values.join('|')}`, terms);
    if (known.size > 0) return ({ genes }) => genes.some((gene) => known.has(gene));
    return `${text}: there is no field ${name}; there are ${FIELD_NAMES.join(', ')}, objectives, rules and places`;
  }
  if (values.length === 0) return `${text}: a value is missing after ${operator}`;
  if (field.kind === 'number') return numberQuestion(token, operator, field.of);
  if (!(operator in ANY)) return `${text}: ${name} is no number; ask by : or =`;
  return field.kind === 'word'
    ? wordQuestion(operator, values, field.of)
    : placeQuestion(operator, values, field.place, terms);
}

/** Operators of words: `:` finds a part, `=` the whole. */
const ANY: Partial<Record<Operator, true>> = { ':': true, '=': true, '!=': true };

const COMPARE: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  ':': same,
  '=': same,
  '!=': (a, b) => !same(a, b),
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b || same(a, b),
  '<=': (a, b) => a <= b || same(a, b),
};

/** `80%` is 0.8 but for rounding. */
function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

function numberQuestion(
  { values, text }: Token,
  operator: Operator,
  of: (row: TrialRow) => number | undefined,
): Question | string {
  const wanted = values.map((value) => amountOf(value.replace(/^#/, '')));
  const numbers = wanted.filter((value) => value !== undefined);
  if (numbers.length < wanted.length)
    return `${text}: expected a number, such as 0.8, 80%, 1.5M or 10m`;
  const compare = COMPARE[operator];
  const together = operator === '!=' ? 'every' : 'some';
  return (row) => {
    const value = of(row);
    return value !== undefined && numbers[together]((number) => compare(value, number));
  };
}

function wordQuestion(
  operator: Operator,
  values: readonly string[],
  of: (row: TrialRow) => string | undefined,
): Question {
  const wanted = values.map((value) => value.toLowerCase());
  const found = (row: TrialRow, whole: boolean) => {
    const word = of(row)?.toLowerCase();
    return (
      word !== undefined && wanted.some((value) => (whole ? word === value : word.includes(value)))
    );
  };
  if (operator === '!=') return (row) => !found(row, true);
  return (row) => found(row, operator === '=');
}

function placeQuestion(
  operator: Operator,
  values: readonly string[],
  place: number,
  terms: Terms,
): Question {
  const wanted = new Set(
    values.flatMap((value) =>
      operator === ':' ? [...genesLike(value, terms)] : [...genesOf(value, terms)],
    ),
  );
  const isWanted = (row: TrialRow) => wanted.has(row.genes[place] ?? -1);
  return operator === '!=' ? (row) => !isWanted(row) : isWanted;
}

/** Values that are `text`, or have it as their operation or rule; and the absence of either, as parallel coordinates write it. */
function genesOf(text: string, { alphabet, rules }: Terms): Set<number> {
  const wanted = text.toLowerCase();
  const names = new Set(rules.map((rule) => rule.toLowerCase()));
  const parts = (value: string) => value.split(':');
  if (wanted === 'empty') return new Set([-1]);
  if (wanted === 'no-rule')
    return indices(alphabet, (value) => !parts(value).some((part) => names.has(part))).add(-1);
  if (wanted === 'no-operation')
    return indices(alphabet, (value) => parts(value).every((part) => names.has(part))).add(-1);
  return indices(alphabet, (value) => value === wanted || parts(value).includes(wanted));
}

/** The same; where there are none, those that contain `text`. */
function genesLike(text: string, terms: Terms): Set<number> {
  const exact = genesOf(text, terms);
  return exact.size > 0
    ? exact
    : indices(terms.alphabet, (value) => value.includes(text.toLowerCase()));
}

const indices = (alphabet: readonly string[], fits: (value: string) => boolean): Set<number> =>
  new Set(alphabet.flatMap((value, k) => (fits(value.toLowerCase()) ? [k] : [])));

/** In a name, state, reason, variation or control; `#12`; an operation; a rule that stands in the network. */
function wordAnywhere(text: string, terms: Terms): Question {
  const { rules } = terms;
  const word = text.toLowerCase();
  const genes = genesLike(word, terms);
  const rule = rules.findIndex((name) => name.toLowerCase() === word);
  return (row) =>
    `#${row.index}` === word ||
    (rule >= 0 && (row.rules[rule] ?? 0) > 0) ||
    row.genes.some((gene) => genes.has(gene)) ||
    [row.name, row.state, row.reason, row.variation, row.control].some((each) =>
      each?.toLowerCase().includes(word),
    );
}
