// Literals and layout of Python. Pure.

/** JSON's texts are Python's. */
export const literal = (text: string): string => JSON.stringify(text);

/** Exact for numbers that were float32. */
export const numbers = (values: readonly number[]): string =>
  `[${values.map((value) => String(Number(value.toPrecision(9)))).join(', ')}]`;

const WIDTH = 100;

/** A long text as pieces that Python joins, broken behind one of `;|,`. */
export function longLiteral(text: string): string {
  const pieces = [''];
  for (const part of text.split(/(?<=[;|,])/)) {
    const last = pieces.at(-1) ?? '';
    if (last.length + part.length > WIDTH) pieces.push(part);
    else pieces[pieces.length - 1] = last + part;
  }
  if (pieces.length < 2) return literal(text);
  return `(\n${pieces.map((piece) => `    ${literal(piece)}`).join('\n')}\n)`;
}

/** A list of texts, over several lines where one is too short. */
export function listLiteral(texts: readonly string[]): string {
  const line = `[${texts.map(literal).join(', ')}]`;
  if (line.length <= WIDTH) return line;
  return `[\n${texts.map((text) => `    ${literal(text)},`).join('\n')}\n]`;
}
