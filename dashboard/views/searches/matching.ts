// Searches that have all words of a text in what the list says of them. Pure.
import type { SearchRow } from '../../api.ts';

export function matching(searches: readonly SearchRow[], text: string): SearchRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return searches.filter(({ namespace, name, phase, algorithm }) => {
    const said = `${namespace}/${name} ${phase} ${algorithm}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
