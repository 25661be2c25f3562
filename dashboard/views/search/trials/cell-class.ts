// How a cell of the grid looks.
export const cellClass = ({
  number,
  wide,
}: {
  readonly number?: boolean | undefined;
  readonly wide?: boolean | undefined;
}): string => [number ? 'number' : '', wide ? 'roomy' : ''].join(' ').trim();
