// Kendall's tau-b: how far two scores put the same things into the same order (Kendall 1945, The Treatment of Ties in Ranking Problems).

export type Pair = readonly [a: number, b: number];

/** In [-1, 1]; 0 where one of the scores is the same for all. */
export function kendallTau(pairs: readonly Pair[]): number {
  const sums = { agreed: 0, ofA: 0, ofB: 0 };
  for (const [i, [a, b]] of pairs.entries())
    for (const [otherA, otherB] of pairs.slice(i + 1)) {
      const [inA, inB] = [Math.sign(a - otherA), Math.sign(b - otherB)];
      sums.agreed += inA * inB;
      sums.ofA += Math.abs(inA);
      sums.ofB += Math.abs(inB);
    }
  const { agreed, ofA, ofB } = sums;
  return agreed === 0 ? 0 : agreed / Math.sqrt(ofA * ofB);
}
