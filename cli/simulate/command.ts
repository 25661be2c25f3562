// `bionas simulate FILE...`: searches on a table of networks that were trained before, in seconds, to be compared.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { replaceFile } from '../result/index.ts';
import { readSearchFile } from '../run/index.ts';
import { atLeastOne } from '../whole-number.ts';
import { simulationLines } from './lines.ts';
import { regretPicture } from './picture.ts';
import { type Manifest, type SimulationResult, simulateSearches } from './simulation.ts';
import { openTable, printTrainedTable, type TableIo } from './table/index.ts';

export interface SimulateIo extends Omit<TableIo, 'onRead'> {
  out(line: string): void;
  err(line: string): void;
  readonly signal: AbortSignal;
  readonly workingDirectory: string;
}

/** Architectures from one line of progress to the next. */
const PROGRESS = 1000;

interface SimulateFlags {
  readonly table: string;
  readonly seeds: number;
  readonly epochs?: number;
  readonly output?: string;
  readonly saveTable?: string;
}

const HELP = `
The table says how accurate every network is after each epoch, so nothing is trained. It is one of
  FILE.json    what \`make search-table\` writes, or --save-table
  runs/NAME    a search that has ended (or its ledger.jsonl): networks that it trained to the end
  NATS-tss-v1_0-3ffb9-simple
               NATS-Bench's topology space, whose networks backpropagate: CIFAR-10 or CIFAR-100, 12 or 200 epochs
A search is simulated as its manifest has it: algorithm, scheduling, objectives, warm start, budget.trials, parallelism.
Its space, pictures and training.epochs must be the table's; wall clock, GPU hours and the final stage are left out. Of
several searches the first is the one that others are compared with, seed by seed.

--output DIR leaves simulation.json (all that is printed, and every seed) and simulation.svg (regret by epochs).
docs/simulating.md has the forms of tables, and what may be concluded.`;

export function addSimulateCommand(program: Command, io: SimulateIo): void {
  program
    .command('simulate')
    .description('run searches on a table of trained networks, many seeds in seconds')
    .argument('<file...>', 'YAML with one BioNASSearch each')
    .requiredOption('--table <path>', 'networks and how each trains')
    .option('--seeds <n>', "how many: the manifest's seed and those after it", atLeastOne, 20)
    .option('--epochs <n>', 'stop each search at so many epochs, not at budget.trials', atLeastOne)
    .option('--output <directory>', 'write simulation.json and simulation.svg there')
    .option('--save-table <file>', 'write the table as JSON, which is read faster')
    .addHelpText('after', HELP)
    .action((files: string[], flags: SimulateFlags) => simulateFiles(files, flags, io));
}

async function simulateFiles(
  files: readonly string[],
  flags: SimulateFlags,
  io: SimulateIo,
): Promise<void> {
  const manifests = await Promise.all(
    files.map(async (file) => ({ file, search: await readSearchFile(file, io) })),
  );
  const onRead = async (read: number, of: number) => {
    io.signal.throwIfAborted();
    if (read % PROGRESS === 0) io.err(`${flags.table}: ${read} of ${of} architectures are read`);
  };
  const table = await openTable(flags.table, wantedBy(manifests), { ...io, onRead });
  if (flags.saveTable !== undefined)
    await replaceFile(resolve(io.workingDirectory, flags.saveTable), printTrainedTable(table));
  const { seeds, epochs } = flags;
  const pause = async () => {
    await setImmediate();
    io.signal.throwIfAborted();
  };
  const result = await simulateSearches(manifests, table, { seeds, epochs, pause });
  for (const line of simulationLines(result)) io.out(line);
  if (flags.output !== undefined) await write(resolve(io.workingDirectory, flags.output), result);
}

/** All searches must want the same; fitOf says so where they do not. */
function wantedBy([first]: readonly Manifest[]) {
  const { dataset, training } = first?.search.spec ?? {};
  return { dataset: dataset?.name ?? '', epochs: training?.epochs ?? 1 };
}

async function write(directory: string, result: SimulationResult): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { simulations, table } = result;
  const title = `regret of ${simulations.map(({ name }) => name).join(', ')} on ${table.file}`;
  await replaceFile(join(directory, 'simulation.json'), `${JSON.stringify(result, null, 2)}\n`);
  await replaceFile(join(directory, 'simulation.svg'), regretPicture(title, simulations));
}
