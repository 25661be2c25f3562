// Whether a table can answer what a search will ask, and what of the search it cannot know. Pure.
import {
  type BioNASSearch,
  DEFAULT_CELLS,
  genotypeInSpace,
  parseGenotype,
  type SearchSpace,
  spaceSize,
} from '../../crds/index.ts';
import { createEngine } from '../../operator/search/index.ts';
import { fromGenes, geneSizes } from '../../operator/search/variation/index.ts';
import type { SearchTable } from './table/index.ts';

/** A search that a table cannot stand for. */
export class UnfitSearchError extends Error {
  override readonly name = 'UnfitSearchError';
  readonly exitCode = 2;
}

export interface Fit {
  /** Networks of the search's space that the table has. */
  readonly known: number;
  /** In the space. */
  readonly networks: bigint;
}

/** Later objectives that a table has. */
const COSTS = ['parameters', 'macs'];

/** `file` is the manifest's, for messages. Throws UnfitSearchError. */
export function fitOf(file: string, { spec }: BioNASSearch, table: SearchTable): Fit {
  for (const check of [algorithmFits, objectivesFit, trainingFits, spaceFits]) {
    const [where, expected, got, todo] = check(spec, table) ?? [];
    if (where !== undefined)
      throw new UnfitSearchError(
        `${file}: spec.${where}: expected ${expected}, got ${got}; ${todo}`,
      );
  }
  return coverage(file, spec.searchSpace, table);
}

type Spec = BioNASSearch['spec'];
type Misfit = readonly [where: string, expected: string, got: string, todo: string];

function algorithmFits(spec: Spec): Misfit | undefined {
  const { ask, initial } = createEngine(spec);
  if (ask(initial).proposal?.kind === undefined) return undefined;
  const { name } = spec.algorithm;
  return [
    'algorithm.name',
    'one that proposes networks',
    `${name}, whose trials are supernets`,
    'no table has these: train them',
  ];
}

function objectivesFit({ objectives }: Spec, { file }: SearchTable): Misfit | undefined {
  const [first, ...others] = objectives.map(({ metric }) => metric);
  const todo = `${file} has accuracy, parameters and MACs`;
  if (first !== 'accuracy') return ['objectives[0].metric', 'accuracy', `${first}`, todo];
  const k = others.findIndex((metric) => !COSTS.includes(metric));
  if (k < 0) return undefined;
  return [`objectives[${k + 1}].metric`, COSTS.join(' or '), `${others[k]}`, todo];
}

function trainingFits({ training, dataset }: Spec, table: SearchTable): Misfit | undefined {
  const { file, epochs, dataset: pictures } = table;
  if (pictures !== undefined && dataset.name !== pictures)
    return ['dataset.name', pictures, dataset.name, `${file} was trained on no other pictures`];
  if (training.epochs === epochs) return undefined;
  const todo = `the curves of ${file} are of a schedule of ${epochs} epochs`;
  return ['training.epochs', `${epochs}`, `${training.epochs}`, todo];
}

function spaceFits({ searchSpace }: Spec, { file, space }: SearchTable): Misfit | undefined {
  if (space === undefined) return undefined;
  const foreign = foreignTo(space, searchSpace);
  if (foreign !== undefined)
    return ['searchSpace', `no network that ${file} was not made for`, foreign, 'leave these out'];
  for (const field of ['channels', 'cells'] as const) {
    const [wanted, trained] = [searchSpace, space].map((each) => sizeOf(each)[field]);
    if (wanted !== trained)
      return [
        `searchSpace.${field}`,
        `${trained}`,
        `${wanted}`,
        `${file} has networks of this size`,
      ];
  }
  return undefined;
}

const sizeOf = ({ kind, channels, cells }: SearchSpace) => ({
  channels,
  cells: cells ?? (kind === 'fixed' ? undefined : DEFAULT_CELLS[kind]),
});

/** Why some network of `wanted` is not of `space`: each option of each gene is looked at once. */
function foreignTo(space: SearchSpace, wanted: SearchSpace): string | undefined {
  const sizes = geneSizes(wanted);
  for (const [gene, size] of sizes.entries())
    for (let option = 0; option < size; option += 1) {
      const genes = sizes.map((_, i) => (i === gene ? option : 0));
      const reason = genotypeInSpace(fromGenes(genes, wanted), space);
      if (reason !== undefined) return reason;
    }
  return undefined;
}

function coverage(file: string, space: SearchSpace, table: SearchTable): Fit {
  const reasons = [...table.networks.keys()].map((text) =>
    genotypeInSpace(parseGenotype(text), space),
  );
  const known = reasons.filter((reason) => reason === undefined).length;
  if (known > 0) return { known, networks: spaceSize(space) };
  const why = reasons[0] ?? 'the table is empty';
  throw new UnfitSearchError(
    `${file}: spec.searchSpace: expected some of the ${reasons.length} networks of ${table.file}, got none: ${why}; search the space that they are of`,
  );
}
