// `bionas data`: fetches data sets into the cache and says which are there.
import { type Command, InvalidArgumentError } from 'commander';
import { DATASETS, type DatasetName } from '../../crds/index.ts';
import {
  DatasetMissingError,
  datasetDirectory,
  type FetchProgress,
  fetchDataset,
  loadDataset,
} from '../../trainer/data/index.ts';
import type { DataIo } from './io.ts';
import { addPackCommands } from './pack-command.ts';

export function addDataCommand(program: Command, io: DataIo): void {
  const data = program.command('data').description('data sets in the cache');
  data
    .command('fetch')
    .description(
      'fetch a data set into the cache; checked, and skipped where it is there. Of those that need an account it says what to do',
    )
    .argument('<name>', DATASETS.join(', '), oneOf)
    .action(async (name: DatasetName) => {
      const { cacheDir, signal } = io;
      const onProgress = progressLines(io);
      const { source, directory } = await fetchDataset(name, { cacheDir, signal, onProgress });
      io.out(`${name}: ${source === 'cache' ? 'already' : `from ${source},`} in ${directory}`);
    });
  addPackCommands(data, io);
  data
    .command('list')
    .description('list the data sets and where they are')
    .action(async () => {
      for (const name of DATASETS) io.out(`${name.padEnd(WIDTH)}${await standing(name, io)}`);
    });
}

const WIDTH = Math.max(...DATASETS.map((name) => name.length)) + 2;

function oneOf(text: string): DatasetName {
  const known = DATASETS.find((name) => name === text);
  if (known === undefined)
    throw new InvalidArgumentError(`Expected one of ${DATASETS.join(', ')}.`);
  return known;
}

async function standing(name: DatasetName, { cacheDir }: DataIo): Promise<string> {
  try {
    const { train, test } = await loadDataset({ name }, { cacheDir });
    const counts = `${train.labels.length} + ${test.labels.length} pictures`;
    return `${counts}  ${datasetDirectory(cacheDir, name)}`;
  } catch (error) {
    if (error instanceof DatasetMissingError) return `not here: bionas data fetch ${name}`;
    throw error;
  }
}

/** A line for each source, and one for every tenth of a file that is large. */
function progressLines({ err }: DataIo): (progress: FetchProgress) => void {
  let last = '';
  const once = (line: string) => {
    if (line !== last) err(line);
    last = line;
  };
  return (progress) => {
    if (progress.kind === 'trying') once(`trying ${progress.source}`);
    if (progress.kind === 'failed') once(`${progress.source}: ${progress.reason}`);
    if (progress.kind !== 'receiving' || progress.total === undefined) return;
    const tenths = Math.floor((10 * progress.received) / progress.total);
    once(`${progress.file}: ${tenths * 10} % of ${(progress.total / 1e6).toFixed(1)} MB`);
  };
}
