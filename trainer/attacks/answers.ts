// What a network's logits [n,K] say of n pictures.

/** Index of the largest logit of each picture. */
export function predictions(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    return row.reduce((best, value, k) => (value > (row[best] ?? value) ? k : best), 0);
  });
}

/** Softmax of each picture's logits. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const p = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes);
    const top = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
    for (const [k, value] of row.entries()) p[from + k] = Math.exp(value - top) / sum;
  }
  return p;
}

/** Cross-entropy of each picture with its label [nats]. */
export function losses(logits: Float32Array, labels: Int32Array): Float32Array {
  const classes = logits.length / labels.length;
  return Float32Array.from(labels, (label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const top = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
    return Math.log(sum) + top - (row[label] ?? Number.NaN);
  });
}

/** Logit of the label less the largest other one. */
export function marginsOf(logits: Float32Array, labels: Int32Array): Float32Array {
  const classes = logits.length / labels.length;
  return Float32Array.from(labels, (label, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const others = row.reduce((most, z, k) => (k === label ? most : Math.max(most, z)), -Infinity);
    return (row[label] ?? Number.NaN) - others;
  });
}
