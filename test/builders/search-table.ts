// A table as `make search-table` writes it, with curves of the synthetic table in place of trained ones: 729 cells, 9 epochs.
import { printGenotype, SearchSpace } from '../../crds/index.ts';
import { Random } from '../../operator/search/index.ts';
import { walkSpace } from '../../operator/search/variation/index.ts';
import { makeCurveTable } from './learning-curves.ts';
import { hashScore } from './search.ts';
import { makeSyntheticTable } from './synthetic-table.ts';

/** 3 candidates an edge, 6 edges: 729 cells, each with a path from input to output. */
export const SMALL_SPACE = SearchSpace.parse({
  kind: 'nb201',
  operations: ['skip_connect', 'nor_conv_3x3'],
  learningRules: ['FA', 'uSF'],
  conversion: 'partial',
  channels: 4,
  cells: 1,
});
export const EPOCHS = 9;
export const SECOND_SEED_EVERY = 10;

const { weights } = makeSyntheticTable();
const networkOf = makeCurveTable(EPOCHS);
/** Most by which another seed ends higher or lower. */
const CHANCE = 0.01;

export interface TableRow {
  readonly genotype: string;
  readonly seed: number;
  readonly accuracies: readonly number[];
  readonly parameters: number;
  readonly macs: number;
}

function makeRow(genotype: string, seed: number): TableRow {
  const shift = seed === 1 ? 0 : CHANCE * (2 * hashScore(`${seed} ${genotype}`) - 1);
  const accuracies = networkOf(genotype).curve.map((value) => Math.min(1, value + shift));
  const parameters = 1000 + 16 * weights(genotype);
  return { genotype, seed, accuracies, parameters, macs: 100 * parameters };
}

/** `keep` leaves cells out, by their place. */
export function makeTableRows(keep: (place: number) => boolean = () => true): TableRow[] {
  return [...walkSpace(SMALL_SPACE, Random.fromSeed(1))]
    .map(printGenotype)
    .flatMap((genotype, i) =>
      keep(i)
        ? (i % SECOND_SEED_EVERY === 0 ? [1, 2] : [1]).map((seed) => makeRow(genotype, seed))
        : [],
    );
}

export const makeTableText = (over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    measured: '2026-01-01',
    space: SMALL_SPACE,
    dataset: { name: 'fashion-mnist', trainPictures: 1000, validationPictures: 1000 },
    training: { epochs: EPOCHS, batchSize: 32 },
    rows: makeTableRows(),
    ...over,
  });
