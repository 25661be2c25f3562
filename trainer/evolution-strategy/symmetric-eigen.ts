// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub & Van Loan, section 8.5): slow, short, exact.

export interface Eigen {
  /** [n] */
  readonly values: readonly number[];
  /** [n][n]; column k belongs to value k. */
  readonly vectors: readonly (readonly number[])[];
}

const SWEEPS = 100;
/** Of the largest number in the matrix: what is smaller is zero. */
const NOTHING = 1e-15;

/** Row-major, n x n. */
interface Square {
  readonly n: number;
  readonly data: Float64Array;
}

const at = ({ n, data }: Square, i: number, j: number): number => data[i * n + j] ?? 0;

export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  const A = { n, data: Float64Array.from(matrix.flat()) };
  const V = {
    n,
    data: Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0)),
  };
  const nothing = NOTHING * A.data.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  for (let sweep = 0; sweep < SWEEPS && rotateAll(A, V, nothing) > 0; sweep++);
  const rows = Array.from({ length: n }, (_, i) => i);
  return {
    values: rows.map((i) => at(A, i, i)),
    vectors: rows.map((i) => [...V.data.subarray(i * n, (i + 1) * n)]),
  };
}

/** One rotation for each pair that is not zero yet; how many those were. */
function rotateAll(A: Square, V: Square, nothing: number): number {
  let rotations = 0;
  for (let p = 0; p < A.n; p++)
    for (let q = p + 1; q < A.n; q++) {
      if (Math.abs(at(A, p, q)) <= nothing) continue;
      rotate(A, V, [p, q]);
      rotations += 1;
    }
  return rotations;
}

/** Makes A[p][q] zero by a turn of rows and columns p and q, and turns V along. */
function rotate(A: Square, V: Square, [p, q]: readonly [number, number]): void {
  const { n } = A;
  const tau = (at(A, q, q) - at(A, p, p)) / (2 * at(A, p, q));
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const rotation = { c, s: t * c };
  for (let k = 0; k < n; k++) turn(A.data, k * n + p, k * n + q, rotation);
  for (let k = 0; k < n; k++) turn(A.data, p * n + k, q * n + k, rotation);
  for (let k = 0; k < n; k++) turn(V.data, k * n + p, k * n + q, rotation);
}

function turn(data: Float64Array, i: number, j: number, { c, s }: { c: number; s: number }): void {
  const [a, b] = [data[i] ?? 0, data[j] ?? 0];
  data[i] = c * a - s * b;
  data[j] = s * a + c * b;
}
