// Sizes of files as people read them. Pure.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Of 1000 bytes a kB: `1.23 MB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power] ?? 'B'}`;
}
