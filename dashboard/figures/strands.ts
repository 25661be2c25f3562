// Parallel coordinates: an axis a place, a band a value, a strand a trial. Within a band strands lie in the order of their scores, so
// that what good networks share is seen as a ribbon. Pure, places on axes in [0, 1] from the top.
import type { TrialRow } from '../api.ts';
import { directionsOf, isScored, meritOf, type Objectives } from './goals.ts';

export const FACETS = ['both', 'operation', 'rule'] as const;
/** What of a place's value is told apart. */
export type Facet = (typeof FACETS)[number];

export interface PlaceAxis {
  readonly place: string;
  /** From the top. */
  readonly values: readonly string[];
}

export interface Strand {
  readonly row: TrialRow;
  /** One an axis. */
  readonly at: readonly number[];
  /** Of its score among all, in [0, 1]; 1: the best. */
  readonly rank: number;
  readonly score: number;
}

export interface Strands {
  readonly axes: readonly PlaceAxis[];
  /** Worst first: the best is drawn on top. */
  readonly strands: readonly Strand[];
  /** Trials with a score that are not drawn. */
  readonly left: number;
}

interface Told {
  readonly places: readonly string[];
  readonly alphabet: readonly string[];
  readonly rules: readonly string[];
  readonly objectives: Objectives;
}

/** Of a band, the part that strands lie in. */
const FULL = 0.7;

export function strandsOf(
  rows: readonly TrialRow[],
  { places, alphabet, rules, objectives }: Told,
  { facet, limit }: { readonly facet: Facet; readonly limit: number },
): Strands {
  const [direction = 1] = directionsOf(objectives);
  const scored = rows
    .filter(isScored)
    .toSorted((a, b) => meritOf(a, direction) - meritOf(b, direction));
  const drawn = thinned(scored, limit);
  const words = alphabet.map((value) => facetOf(value, facet, rules));
  const word = (row: TrialRow, k: number) => words[row.genes[k] ?? -1] ?? EMPTY;
  const axes = places.map((place, k) => ({
    place,
    values: valuesOf(drawn, (row) => word(row, k)),
  }));
  const bands = axes.map(({ values }) => new Map(values.map((value, k) => [value, k])));
  const strands = drawn.map((row, k) => {
    const rank = drawn.length < 2 ? 1 : k / (drawn.length - 1);
    const at = axes.map(({ values }, axis) => {
      const band = bands[axis]?.get(word(row, axis)) ?? 0;
      return (band + 0.5 + FULL * (0.5 - rank)) / values.length;
    });
    return { row, at, rank, score: row.objectives?.[0] ?? 0 };
  });
  return { axes, strands, left: scored.length - drawn.length };
}

/** The best, and of the others every so many. */
function thinned(scored: readonly TrialRow[], limit: number): readonly TrialRow[] {
  if (scored.length <= limit) return scored;
  const best = scored.slice(-Math.floor(limit / 2));
  const others = scored.slice(0, scored.length - best.length);
  const wanted = limit - best.length;
  const every = Array.from(
    { length: wanted },
    (_, k) => others[Math.floor((k * others.length) / wanted)],
  );
  return [...every.filter((row) => row !== undefined), ...best];
}

/** Where a place is not in a network, and where a value has no such part. As filters write it. */
const EMPTY = 'empty';
const LACKING: Readonly<Record<Facet, string>> = {
  both: EMPTY,
  operation: 'no-operation',
  rule: 'no-rule',
};

/** The part of `sep_conv_3x3:uSF` that is told apart. */
export function facetOf(value: string, facet: Facet, rules: readonly string[]): string {
  if (facet === 'both') return value;
  const parts = value.split(':');
  const isWanted = (part: string) => rules.includes(part) === (facet === 'rule');
  return parts.find(isWanted) ?? LACKING[facet];
}

function valuesOf(rows: readonly TrialRow[], word: (row: TrialRow) => string): string[] {
  const found = new Set(rows.map(word));
  const lacking = new Set<string>([EMPTY, ...Object.values(LACKING)]);
  return [...found].toSorted(
    (a, b) => Number(lacking.has(a)) - Number(lacking.has(b)) || (a < b ? -1 : 1),
  );
}

/** Values whose bands a stretch of an axis touches by their middles; `from` is above `to`. */
export const valuesWithin = ({ values }: PlaceAxis, from: number, to: number): readonly string[] =>
  values.filter((_, k) => {
    const middle = (k + 0.5) / values.length;
    return middle >= from && middle <= to;
  });
