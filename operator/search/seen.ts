// Which genotypes were ever proposed: a persistent set, as a trie over the hexadecimal digits of their hashes.
// Adding copies one path, so states share what they have in common: 50,000 proposals cost megabytes, not gigabytes.
// A trie is plain JSON, as an algorithm's state must be.

interface Node {
  readonly [digit: string]: string | Node;
}

export interface Seen {
  readonly size: number;
  readonly root: Node;
}

export const NONE_SEEN: Seen = { size: 0, root: {} };

/**
 * Digits that are kept of a hash. Two genotypes with equal first 64 bits would count as one, and the second would
 * never be proposed: at a million proposals that happens once in 37 million searches.
 */
const DIGITS = 16;

export function hasSeen(seen: Seen, hash: string): boolean {
  const key = hash.slice(0, DIGITS);
  let node = seen.root;
  for (const digit of key) {
    const child = node[digit];
    if (child === undefined || typeof child === 'string') return child === key;
    node = child;
  }
  return false;
}

export function withSeen(seen: Seen, hash: string): Seen {
  if (hasSeen(seen, hash)) return seen;
  return { size: seen.size + 1, root: insert(seen.root, hash.slice(0, DIGITS), 0) };
}

/** The key is not in the node, so the digits of two keys differ at some depth below. */
function insert(node: Node, key: string, depth: number): Node {
  const digit = key.charAt(depth);
  const child = node[digit];
  if (child === undefined) return { ...node, [digit]: key };
  const below = typeof child === 'string' ? { [child.charAt(depth + 1)]: child } : child;
  return { ...node, [digit]: insert(below, key, depth + 1) };
}
