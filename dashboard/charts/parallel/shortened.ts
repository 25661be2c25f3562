// A value of a place in as few letters as an axis has room for. Pure.

const LETTERS = 16;

/** `nor_conv_3x3:uSF` says as much as `conv 3x3:uSF`. */
export function shortened(value: string): string {
  const text = value.replace(/^nor_/, '').replaceAll('_', ' ');
  return text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;
}
