// NATS-Bench's topology space as released in its "simple" form (Dong, Liu, Musial & Gabrys 2021): a directory with meta.pickle.pbz2,
// the list of 15,625 architectures, and NNNNNN.pickle.pbz2 for each, with the curves of all its trainings. Its networks
// backpropagate: they are our cells of NAS-Bench-201 under the one rule BP.
import { parseGenotype, printGenotype, SearchSpace, takesRule } from '../../../crds/index.ts';
import { mean } from '../../statistics/index.ts';
import { type Pickled, pickled } from './pickled.ts';
import { type Curve, type SearchTable, TableError, type TableNetwork } from './table.ts';

/** Where the table is. */
export interface NatsBenchSource {
  readonly directory: string;
  /** In the directory. */
  readonly names: readonly string[];
  readonly readBytes: (path: string) => Promise<Uint8Array>;
  /** Called after each architecture; rejects where nobody wants to wait any longer. */
  readonly onRead: (read: number, of: number) => Promise<void>;
}

/** Which of its trainings. */
export interface NatsBenchChoice {
  readonly dataset: string;
  /** 12 or 200. */
  readonly epochs: number;
}

export const NATS_META = 'meta.pickle.pbz2';
/** What it has curves of held-out pictures for. CIFAR-10's networks were trained on half of its pictures and scored on the other. */
const CHOICES = [
  { dataset: 'cifar10', name: 'cifar10-valid', epochs: [12, 200] },
  { dataset: 'cifar100', name: 'cifar100', epochs: [12] },
] as const;
const HELD_OUT = 'x-valid';
const SPACE = SearchSpace.parse({
  kind: 'nb201',
  learningRules: ['BP'],
  conversion: 'partial',
  channels: 16,
  cells: 5,
});

/** Throws TableError. */
export async function readNatsBench(
  { directory, names, readBytes, onRead }: NatsBenchSource,
  choice: NatsBenchChoice,
): Promise<SearchTable> {
  const name = nameOf(choice, directory);
  const read = async (file: string) =>
    pickled(`${directory}/${file}`, await readBytes(`${directory}/${file}`));
  const architectures = (await read(NATS_META)).at('meta_archs').strings();
  const known = new Set(names);
  const present = architectures.flatMap((architecture, index) => {
    const file = `${String(index).padStart(6, '0')}.pickle.pbz2`;
    return known.has(file) ? [{ architecture, file }] : [];
  });
  const networks = new Map<string, TableNetwork>();
  for (const [i, { architecture, file }] of present.entries()) {
    networks.set(
      genotypeOf(architecture, directory),
      networkIn(await read(file), name, choice.epochs),
    );
    await onRead(i + 1, present.length);
  }
  const missing = architectures.length - present.length;
  const notes =
    missing === 0 ? [] : [`${missing} of its ${architectures.length} architectures have no file`];
  if (networks.size === 0)
    throw new TableError(
      `${directory}: expected files of architectures beside ${NATS_META}, got none`,
    );
  return { file: directory, networks, space: SPACE, ...choice, notes };
}

/** `|nor_conv_3x3~0|+|none~0|skip_connect~1|+...` in our words. */
export function genotypeOf(architecture: string, where: string): string {
  const nodes = architecture.split('+').map((node) =>
    node
      .split('|')
      .filter(Boolean)
      .map((edge) => {
        const [operation = '', from] = edge.split('~');
        return `${operation}${takesRule(operation) ? ':BP' : ''}~${from}`;
      })
      .join(','),
  );
  try {
    return printGenotype(parseGenotype(`nb201;${nodes.join('|')};rest=BP`));
  } catch (cause) {
    throw new TableError(
      `${where}: expected an architecture of NAS-Bench-201, got '${architecture}': ${(cause as Error).message}`,
      { cause },
    );
  }
}

function nameOf({ dataset, epochs }: NatsBenchChoice, where: string): string {
  const choice = CHOICES.find((each) => each.dataset === dataset);
  if (choice?.epochs.some((each) => each === epochs)) return choice.name;
  const known = CHOICES.map((each) => `${each.dataset} with ${each.epochs.join(' or ')} epochs`);
  throw new TableError(
    `${where}: expected searches on ${known.join(', or ')}, got ${dataset} with ${epochs}; set spec.dataset.name and spec.training.epochs`,
  );
}

/** Seeds in rising order: searches see the first. */
function networkIn(file: Pickled, name: string, epochs: number): TableNetwork {
  const results = file.at(String(epochs)).at('all_results');
  const seeds = results.seedsOf(name);
  const [first, ...others] = seeds.map((seed) => results.at([name, seed]));
  if (first === undefined)
    throw new TableError(`${results.where}: expected trainings on ${name}, got none`);
  // Parameters and FLOPs of early seeds are wrong in places; the authors' own reader trusts 888.
  const costs = seeds.includes(888) ? results.at([name, 888]) : first;
  return {
    curve: curveIn(first, epochs),
    again: others.map((training) => curveIn(training, epochs)),
    parameters: Math.round(1e6 * costs.at('params').number()),
    macs: Math.round(1e6 * costs.at('flop').number()),
    epochSeconds: secondsIn(first, epochs),
  };
}

/** Kept in percent. */
const curveIn = (training: Pickled, epochs: number): Curve =>
  Array.from(
    { length: epochs },
    (_, e) => training.at('eval_acc1es').at(`${HELD_OUT}@${e}`).number() / 100,
  );

/** Training and scoring. */
function secondsIn(training: Pickled, epochs: number): number {
  const each = Array.from({ length: epochs }, (_, e) => e);
  const trained = each.map((e) => training.at('train_times').at(e).number());
  const scored = each.map((e) => training.at('eval_times').at(`${HELD_OUT}@${e}`).number());
  return mean(trained) + mean(scored);
}
