// What a target may depend on, one value a sample.
export interface Factor {
  /** From 0 to values - 1, one a sample. */
  readonly codes: Uint16Array;
  readonly values: number;
  /** Whether codes are numbers that grow, and not names. */
  readonly ordered: boolean;
}

/** Of the values of samples: names that are numbered already, or counts. */
export function factorOf(values: readonly number[], ordered: boolean): Factor {
  const codes = new Map(
    [...new Set(values)].toSorted((a, b) => a - b).map((value, i) => [value, i]),
  );
  return {
    codes: Uint16Array.from(values, (value) => codes.get(value) ?? 0),
    values: codes.size,
    ordered,
  };
}
