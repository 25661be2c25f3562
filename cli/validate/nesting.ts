// How deep a YAML text nests, found without recursion: what composes its values calls itself once a level, and a stack that is
// full ends the process where no one can catch it.
import { Lexer, Parser } from 'yaml';

/** Levels of a manifest at most; a Pod template has about fifteen. */
export const DEEPEST = 100;

/** Where the text goes deeper than DEEPEST, as an offset; undefined where it does not. */
export function tooDeepAt(text: string): number | undefined {
  const parser = new Parser();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    // Documents that are complete are of no interest here.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > DEEPEST) return offset;
    offset += lexeme.length;
  }
  return undefined;
}
