// The two halves of a supernet's pictures: weights learn from the first, alpha from the second (Liu et al. 2019, section 2.3).

/** Of equal length: of an odd number one picture is left out. */
export function halvesOf(indices: Int32Array): { weights: Int32Array; architecture: Int32Array } {
  const half = Math.floor(indices.length / 2);
  return { weights: indices.slice(0, half), architecture: indices.slice(half, 2 * half) };
}
