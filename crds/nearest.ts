// The name a typo probably meant: smallest Levenshtein distance, where it is small enough to be a typo.

/** Nearest of `names`, or undefined where none is within a third of the word's length (at least 2). */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    // No distance is less: a word of a million letters is not compared letter by letter.
    if (Math.abs(word.length - name.length) > limit) continue;
    const distance = levenshtein(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && distance < name.length && distance < (best?.distance ?? Infinity)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** Insertions, deletions and substitutions between two words; one row of the table at a time. */
function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
