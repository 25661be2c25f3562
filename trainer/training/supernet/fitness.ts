// How well a candidate of BioNAS-EG does (EG-NAS; paper.md 4.2): its loss, and how similar it is to alpha as it is.

/** A row of one number a candidate for each edge of the normal cell, then of the reduction cell: [2 EDGES][n]. */
export type Rows = readonly (readonly number[])[];

export const rowsOf = (flat: ArrayLike<number>, n: number): Rows =>
  Array.from({ length: flat.length / n }, (_, row) =>
    Array.from({ length: n }, (__, k) => flat[row * n + k] ?? 0),
  );

/** Each row over its length; a row of zeros stays. */
export const unitRows = (rows: Rows): Rows =>
  rows.map((row) => {
    const length = Math.hypot(...row);
    return length === 0 ? row : row.map((each) => each / length);
  });

/** S: the mean over rows of (cos(p, z) + 1) / 2, in [0, 1]. */
export function similarity(p: Rows, z: Rows): number {
  const [units, others] = [unitRows(p), unitRows(z)];
  const cosines = units.map((row, i) =>
    row.reduce((sum, each, k) => sum + each * (others[i]?.[k] ?? 0), 0),
  );
  return cosines.reduce((sum, cosine) => sum + (cosine + 1) / 2, 0) / cosines.length;
}

interface Judged {
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
  readonly accuracy: number;
  readonly similarity: number;
}

/**
 * The smaller the better: what does not lose accuracy is to be different, what does is to be similar. A loss that is no number is worst.
 */
export function fitness(
  { loss, accuracy, similarity: S }: Judged,
  { accuracy: least, weight }: { readonly accuracy: number; readonly weight: number },
): number {
  const f = accuracy >= least ? loss + weight * S : loss - weight * S;
  return Number.isFinite(f) ? f : Number.MAX_VALUE;
}
