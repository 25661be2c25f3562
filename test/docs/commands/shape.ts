// Is what a command printed of the shape that the page shows? Words count, numbers and names with numbers do not.

/** `#` for each number, quantity or name with a number in it; blanks as one. */
const shapeOf = (line: string): string =>
  line
    .replaceAll(/\S*\d\S*(?: %)?/g, '#')
    .replaceAll(/ +/g, ' ')
    .trim();

/** Lines of the page that were not printed, of those that always are: its first and its last. */
export function missingLines(shown: readonly string[], printed: string): string[] {
  const lines = shown.filter((line) => line !== '' && line !== '...');
  const ends = new Set([lines[0], lines.at(-1)].filter((line) => line !== undefined));
  const shapes = new Set(printed.split('\n').map(shapeOf));
  return [...ends].filter((line) => !shapes.has(shapeOf(line)));
}
