// Text of a genotype, its canonical form, and its hash: equal networks have equal text, so each is trained once.
import { createHash } from 'node:crypto';
import { nearestName } from '../../nearest.ts';
import { FAMILIES, familyOf } from './families.ts';
import type { Genotype, RuleChange } from './genotype.ts';
import { GenotypeError } from './genotype-error.ts';
import { quoted, split } from './span.ts';

/** Reads a genotype; the result is canonical whatever the text was. Throws GenotypeError. */
export function parseGenotype(text: string): Genotype {
  const [head = { text: '', at: 0 }, ...parts] = split({ text, at: 0 }, ';');
  const families = Object.values(FAMILIES);
  const family = families.find(({ heads }) => heads.includes(head.text));
  if (family === undefined) {
    const heads = families.flatMap((known) => known.heads);
    throw new GenotypeError({
      where: 'head',
      at: 0,
      expected: `one of ${heads.join(', ')}, then ';'`,
      got: quoted(head.text),
      nearest: nearestName(head.text, heads),
    });
  }
  return family.canonical(family.parse(head.text, parts, text.length));
}

/**
 * The one form of all equal genotypes: no rule on an operation without weights or on the first layer of a fixed network,
 * whose other layers stand in forward order, and edges of a DARTS node by origin. Throws GenotypeError where weights have no rule,
 * or one where they learn by their own.
 */
export function canonicalGenotype(genotype: Genotype): Genotype {
  return familyOf(genotype).canonical(genotype);
}

/** Canonical text. */
export function printGenotype(genotype: Genotype): string {
  const family = familyOf(genotype);
  return family.print(family.canonical(genotype));
}

/** SHA-256 of the canonical text: 64 hexadecimal digits. */
export function genotypeHash(genotype: Genotype): string {
  return textHash(printGenotype(genotype));
}

/** The hash of a genotype whose canonical text is at hand. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** First 12 digits of the hash, for names and for people. */
export function shortGenotypeHash(genotype: Genotype): string {
  return genotypeHash(genotype).slice(0, 12);
}

/** The same operations and wiring under other rules; canonical, and asked for in the order of the canonical text. */
export function mapRules(genotype: Genotype, change: RuleChange): Genotype {
  const family = familyOf(genotype);
  return family.mapRules(family.canonical(genotype), change);
}

export function sameGenotype(a: Genotype, b: Genotype): boolean {
  return printGenotype(a) === printGenotype(b);
}
