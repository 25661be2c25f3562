// Reads Prometheus' text format 0.0.4, as far as our page uses it; a line that is none of it throws.

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Page {
  readonly series: readonly Series[];
  /** By name of the family: counter, gauge, histogram. */
  readonly types: ReadonlyMap<string, string>;
  readonly help: ReadonlyMap<string, string>;
}

const COMMENT = /^# (HELP|TYPE) (\S+) (.+)$/;
const SERIES = /^([a-z_]+)(?:\{(.*)\})? (-?[\d.e+-]+|\+Inf|-Inf|NaN)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/gy;

export function readPage(text: string): Page {
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  const series: Series[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, word = '', family = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (word !== '') (word === 'TYPE' ? types : help).set(family, rest);
    else series.push(seriesOf(line));
  }
  return { series, types, help };
}

function seriesOf(line: string): Series {
  const found = SERIES.exec(line);
  if (found === null) throw new Error(`no line of Prometheus' text format: ${line}`);
  const [, name = '', labels = '', value = ''] = found;
  const pairs = [...labels.matchAll(LABEL)];
  if (pairs.map(([pair]) => pair).join('') !== labels) throw new Error(`no labels: ${line}`);
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

/** Without what a histogram adds. */
export const familyOf = ({ name }: Series, { types }: Page): string => {
  const family = name.replace(/_(bucket|sum|count)$/, '');
  return types.get(family) === 'histogram' ? family : name;
};

/** Sum over all series of a name whose labels include these. */
export const sumOf = (page: Page, name: string, labels: Series['labels'] = {}): number =>
  page.series
    .filter((each) => each.name === name)
    .filter((each) => Object.entries(labels).every(([key, value]) => each.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
