// One field's terms in a filter's text, replaced: what brushes write. Pure.
import { quoted, tokensOf } from './tokens.ts';

/** `text` with `terms` in the place of all that it said of `field`; none: with nothing of it. */
export function withTerm(text: string, field: string, terms: readonly string[]): string {
  const name = field.toLowerCase();
  const others = tokensOf(text).filter((token) => token.field?.toLowerCase() !== name);
  const own = terms.map((term) => `${quoted(field)}${term}`);
  return [...others.map((token) => token.text), ...own].join(' ');
}

/** What `text` says of `field`, by operators. */
export const termsOf = (text: string, field: string): ReturnType<typeof tokensOf> =>
  tokensOf(text).filter((token) => token.field?.toLowerCase() === field.toLowerCase());
