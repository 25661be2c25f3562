// Names of classes where files say none: their numbers.

export const numberedClasses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, label) => `${label}`);
