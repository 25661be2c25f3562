// The table as CSV, unrounded, for programs. Pure.
import { verdictOn } from '../../comparison/index.ts';
import { type Column, csvLine } from '../../output/index.ts';
import { distancesOf, type Row } from './rows.ts';

const field = (title: string, value: Column<Row>['value']): Column<Row> => ({ title, value });

/** In this order; later versions may add some at the end. */
const columnsOf = (rows: readonly Row[]): Column<Row>[] => [
  field('network', ({ network }) => network),
  field('trial', ({ index }) => index),
  field('kind', ({ control }) => control?.kind ?? 'network'),
  field('name', ({ control }) => control?.name),
  field('trained', ({ trained }) => trained),
  field('diverged', ({ diverged }) => diverged),
  field('failed', ({ failed }) => failed),
  field('unfinished', ({ unfinished }) => unfinished),
  field('testAccuracy', ({ mean }) => mean),
  field('standardDeviation', ({ standardDeviation }) => standardDeviation),
  field('parameters', ({ parameters }) => parameters),
  field('macs', ({ macs }) => macs),
  field('difference', ({ difference }) => difference?.mean),
  field('low', ({ difference }) => difference?.interval?.low),
  field('high', ({ difference }) => difference?.interval?.high),
  field('pairs', ({ difference }) => difference?.seeds),
  field('verdict', (row) => verdictOn(row)),
  field('claim', ({ control }) => control?.claim),
  field('genotype', ({ genotype }) => genotype),
  ...distancesOf(rows).map((distance) =>
    field(`robust ${distance}`, ({ robust }) => robust.get(distance)),
  ),
];

export function* csvLines(rows: readonly Row[]): Generator<string> {
  const columns = columnsOf(rows);
  yield csvLine(columns.map(({ title }) => title));
  for (const row of rows) yield csvLine(columns.map(({ value }) => value(row)));
}
