// The table that `make search-table` writes, and that a table of any form can be saved as: JSON, a row a network and seed.
import { z } from 'zod';
import { parseGenotype, printGenotype, SearchSpace } from '../../../crds/index.ts';
import { type SearchTable, TableError, type TableNetwork } from './table.ts';

const Row = z.object({
  genotype: z.string(),
  seed: z.int().min(0),
  accuracies: z.array(z.number().min(0).max(1)).min(1),
  parameters: z.int().min(0),
  macs: z.int().min(0),
  epochSeconds: z.number().gt(0).optional(),
});
type Row = z.infer<typeof Row>;

const TrainedTable = z.object({
  space: SearchSpace,
  dataset: z.object({ name: z.string() }),
  training: z.object({ epochs: z.int().min(1) }),
  rows: z.array(Row).min(1),
});

/** Of several seeds of a network the lowest is what searches see. Throws TableError. */
export function readTrainedTable(file: string, text: string): SearchTable {
  const { space, dataset, training, rows } = parsed(file, text);
  const { epochs } = training;
  const longest = Math.max(...rows.map(({ accuracies }) => accuracies.length));
  if (longest < epochs)
    throw new TableError(
      `${file}: expected a row with ${epochs} accuracies, as training.epochs, got at most ${longest}`,
    );
  const networks = new Map<string, TableNetwork>();
  for (const [i, row] of [...rows.entries()].toSorted(([, a], [, b]) => a.seed - b.seed)) {
    const where = `${file}: rows[${i}]`;
    if (row.accuracies.length > epochs)
      throw new TableError(
        `${where}: expected at most ${epochs} accuracies, as training.epochs, got ${row.accuracies.length}`,
      );
    const genotype = canonical(where, row.genotype);
    networks.set(genotype, withRow(networks.get(genotype), row, epochs));
  }
  return { file, networks, epochs, space, dataset: dataset.name, notes: [] };
}

function parsed(file: string, text: string): z.infer<typeof TrainedTable> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TableError(
      `${file}: expected JSON of \`make search-table\`, got ${(cause as Error).message}`,
      { cause },
    );
  }
  const { data, error } = TrainedTable.safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'the file';
  throw new TableError(
    `${file}: expected a table as \`make search-table\` writes it, got ${field}: ${issue?.message}`,
  );
}

function canonical(where: string, text: string): string {
  try {
    return printGenotype(parseGenotype(text));
  } catch (cause) {
    throw new TableError(`${where}: expected a genotype, got ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The network with one seed more. A curve that ends early diverged. */
function withRow(known: TableNetwork | undefined, row: Row, epochs: number): TableNetwork {
  const curve = Array.from({ length: epochs }, (_, e) => row.accuracies[e] ?? 0);
  if (known !== undefined) return { ...known, again: [...known.again, curve] };
  const { parameters, macs, epochSeconds } = row;
  return {
    curve,
    again: [],
    parameters,
    macs,
    ...(epochSeconds === undefined ? {} : { epochSeconds }),
  };
}

/** Seeds are numbered anew. Throws TableError of a table that does not know its space. */
export function printTrainedTable(table: SearchTable): string {
  const { file, space, dataset, epochs, networks } = table;
  if (space === undefined || dataset === undefined)
    throw new TableError(`${file}: expected a table that knows its search space, to save it`);
  const rows: Row[] = [...networks].flatMap(([genotype, { curve, again, ...costs }]) =>
    [curve, ...again].map((accuracies, i) => ({
      genotype,
      seed: i + 1,
      accuracies: [...accuracies],
      ...costs,
    })),
  );
  return `${JSON.stringify({ space, dataset: { name: dataset }, training: { epochs }, rows })}\n`;
}
