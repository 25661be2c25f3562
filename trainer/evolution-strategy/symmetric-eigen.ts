// Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then implicit QL (ml-matrix, after EISPACK).
import { EigenvalueDecomposition } from 'ml-matrix';

export interface Eigen {
  /** [n] */
  readonly values: readonly number[];
  /** [n][n]; column k belongs to value k. */
  readonly vectors: readonly (readonly number[])[];
}

/** Of numbers that are 0 or no smaller than 1e-150. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const rows = matrix.map((row) => [...row]);
  const found = new EigenvalueDecomposition(rows, { assumeSymmetric: true });
  return { values: found.realEigenvalues, vectors: found.eigenvectorMatrix.to2DArray() };
}
