// Matrices as rows of numbers, for what tests work out by hand.
export type Matrix = readonly (readonly number[])[];
export const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, each, k) => sum + each * b[k]![j]!, 0)));
export const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
export const combined = (a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix =>
  a.map((row, i) => row.map((each, j) => f(each, b[i]![j]!)));
export const rectified = (a: Matrix): Matrix =>
  a.map((row) => row.map((each) => Math.max(0, each)));
export const plus = (a: Matrix, bias: readonly number[]): Matrix =>
  a.map((row) => row.map((each, j) => each + bias[j]!));
export const over = (a: Matrix, n: number): Matrix => a.map((row) => row.map((each) => each / n));
export const softmax = (row: readonly number[]): number[] => {
  const mass = row.reduce((sum, each) => sum + Math.exp(each), 0);
  return row.map((each) => Math.exp(each) / mass);
};
