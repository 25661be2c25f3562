// Pieces of a genotype's text that remember where they stand, and the few steps every family's grammar is made of.
import { nearestName } from '../../nearest.ts';
import { LEARNING_RULES, type LearningRuleName } from '../learning-rule.ts';
import { GenotypeError } from './genotype-error.ts';

export interface Span {
  readonly text: string;
  /** Offset in the whole text, from 0. */
  readonly at: number;
}

export function split(span: Span, separator: string): Span[] {
  let at = span.at;
  return span.text.split(separator).map((text) => {
    const piece = { text, at };
    at += text.length + separator.length;
    return piece;
  });
}

/** Splits into exactly `count` pieces, or says that there are more or fewer `things`. */
export function splitInto(
  span: Span,
  separator: string,
  count: number,
  [things, where]: readonly [string, string],
): Span[] {
  const pieces = split(span, separator);
  if (pieces.length !== count) {
    throw new GenotypeError({
      where,
      at: span.at,
      expected: `${count} ${things}${count > 1 ? ` with '${separator}' between them` : ''}`,
      got: `${pieces.length}`,
    });
  }
  return pieces;
}

type Spans<Names extends readonly string[]> = { [I in keyof Names]: Span };

/** Exactly one part a name; `end` is where the text ends. */
export function partsOf<const Names extends readonly string[]>(
  parts: readonly Span[],
  names: Names,
  end: number,
): Spans<Names> {
  const missing = names[parts.length];
  if (missing !== undefined) {
    throw new GenotypeError({ where: missing, at: end, expected: `;${missing}`, got: 'the end' });
  }
  const extra = parts[names.length];
  if (extra !== undefined) {
    const got = quoted(extra.text);
    throw new GenotypeError({ where: 'end', at: extra.at, expected: 'the end', got });
  }
  return parts as unknown as Spans<Names>;
}

/** The rest of `key=...`. */
export function afterKey(span: Span, key: string): Span {
  const start = `${key}=`;
  if (!span.text.startsWith(start)) {
    throw new GenotypeError({ where: key, at: span.at, expected: start, got: quoted(span.text) });
  }
  return { text: span.text.slice(start.length), at: span.at + start.length };
}

/** The span as one of `names`. */
export function nameOf<Name extends string>(
  span: Span,
  names: readonly Name[],
  [thing, where]: readonly [string, string],
): Name {
  const found = names.find((name) => name === span.text);
  if (found === undefined) {
    throw new GenotypeError({
      where,
      at: span.at,
      expected: `${thing} (${names.length > 12 ? `one of ${names.length}` : names.join(', ')})`,
      got: quoted(span.text),
      nearest: nearestName(span.text, names),
    });
  }
  return found;
}

export function ruleOf(span: Span, where: string): LearningRuleName {
  return nameOf(span, LEARNING_RULES, ['a learning rule', where]);
}

/** As messages show it: quoted, cut, or `nothing`. */
export function quoted(text: string): string {
  if (text === '') return 'nothing';
  return text.length > 40 ? `'${text.slice(0, 37)}...'` : `'${text}'`;
}
