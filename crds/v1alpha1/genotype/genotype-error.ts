// What is wrong with a genotype, for the one who wrote it.

/** A text that is no genotype, or a genotype that has no text. */
export class GenotypeError extends Error {
  override readonly name = 'GenotypeError';
  /** Place in words: `normal, node 3, edge 1`. */
  readonly where: string;
  /** Offset in the text, from 0; absent where there is no text. */
  readonly at: number | undefined;
  readonly expected: string;
  readonly got: string;
  /** The name a typo probably meant. */
  readonly nearest: string | undefined;

  constructor(mistake: {
    where: string;
    at?: number;
    expected: string;
    got: string;
    nearest?: string | undefined;
  }) {
    const place =
      mistake.at === undefined ? mistake.where : `character ${mistake.at + 1} (${mistake.where})`;
    const hint = mistake.nearest === undefined ? '' : ` (did you mean ${mistake.nearest}?)`;
    super(`genotype, ${place}: expected ${mistake.expected}, got ${mistake.got}${hint}`);
    this.where = mistake.where;
    this.at = mistake.at;
    this.expected = mistake.expected;
    this.got = mistake.got;
    this.nearest = mistake.nearest;
  }
}
