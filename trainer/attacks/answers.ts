// What a network's logits [n,K] say of n pictures.

/** One row a picture. */
const rowsOf = (logits: Float32Array, classes: number): Float32Array[] =>
  Array.from({ length: logits.length / classes }, (_, i) =>
    logits.subarray(i * classes, (i + 1) * classes),
  );

/** log sum exp(z), without overflow. */
function logSum(row: Float32Array): number {
  const top = Math.max(...row);
  return top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
}

/** Index of the largest logit of each picture. */
export const predictions = (logits: Float32Array, classes: number): Int32Array =>
  Int32Array.from(rowsOf(logits, classes), (row) =>
    row.reduce((best, z, k) => (z > (row[best] ?? z) ? k : best), 0),
  );

/** Places of the pictures whose label has the largest logit. */
export function toldRight(logits: Float32Array, labels: Int32Array): number[] {
  const told = predictions(logits, logits.length / labels.length);
  return [...labels.keys()].filter((i) => told[i] === labels[i]);
}

/** Softmax of each picture's logits. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const p = new Float32Array(logits.length);
  for (const [i, row] of rowsOf(logits, classes).entries()) {
    const log = logSum(row);
    p.set(
      row.map((z) => Math.exp(z - log)),
      i * classes,
    );
  }
  return p;
}

/** Cross-entropy of each picture with its label [nats]. */
export const losses = (logits: Float32Array, labels: Int32Array): Float32Array =>
  Float32Array.from(
    rowsOf(logits, logits.length / labels.length),
    (row, i) => logSum(row) - (row[labels[i] ?? -1] ?? Number.NaN),
  );

/** Logit of the label less the largest other one. */
export const marginsOf = (logits: Float32Array, labels: Int32Array): Float32Array =>
  Float32Array.from(rowsOf(logits, logits.length / labels.length), (row, i) => {
    const label = labels[i] ?? -1;
    const others = row.reduce((most, z, k) => (k === label ? most : Math.max(most, z)), -Infinity);
    return (row[label] ?? Number.NaN) - others;
  });
