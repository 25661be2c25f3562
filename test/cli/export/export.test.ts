// `bionas export`: trials and networks for other programs.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addExportCommand } from '../../../cli/export/index.ts';
import { ResultTrial } from '../../../cli/result/index.ts';
import { genotypeHash, parseGenotype } from '../../../crds/index.ts';
import { decodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { modelOf } from '../../builders/exported-models.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import { CELLS } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

let folder = '';
beforeEach(async () => {
  folder = await leaveNight();
});
const exported = (...args: string[]) => verb(addExportCommand, folder, ['export', ...args]);

test('CSV has a row for every trial, whatever became of it', async () => {
  const { out } = await exported('trials', 'night');
  const [titles = '', ...rows] = out;
  const cells = rows.map((row) => Object.fromEntries(pairs(titles, row)));
  expect(cells.map(({ name, state }) => [name, state])).toEqual([
    ['night-0000', 'Trained'],
    ['night-0001', 'Trained'],
    ['night-0002', 'Trained'],
    ['night-0003', 'Failed'],
    ['night-0004', 'Running'],
    ['night-final-0', 'Trained'],
  ]);
  expect(cells[0]).toMatchObject({ accuracy: '0.7', parameters: '68882', parent: '', seed: '0' });
  expect(cells[5]).toMatchObject({ testAccuracy: '0.9066', parent: '2', purpose: 'Final' });
});

/** No cell of these trials but the last two has a comma. */
function* pairs(titles: string, row: string): Generator<[string, string]> {
  const cells = row.split(',');
  for (const [k, title] of titles.split(',').entries()) yield [title, cells[k] ?? ''];
}

test.each(['json', 'jsonl'])('%s has what result.json has of each', async (format) => {
  const { out } = await exported('trials', 'night', '-o', format);
  const all = format === 'json' ? JSON.parse(out[0] ?? '') : out.map((line) => JSON.parse(line));
  expect(all).toHaveLength(6);
  for (const trial of all) expect(ResultTrial.safeParse(trial).error).toBeUndefined();
});

test('Parquet has a row a trial with types, and curves as lists', async () => {
  await exported('trials', 'night', '-o', 'parquet', '-f', 'trials.parquet');
  const file = await readFile(join(folder, 'trials.parquet'));
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const rows = await parquetReadObjects({ file: bytes });
  expect(rows.map(({ name, state }) => [name, state])).toEqual([
    ['night-0000', 'Trained'],
    ['night-0001', 'Trained'],
    ['night-0002', 'Trained'],
    ['night-0003', 'Failed'],
    ['night-0004', 'Running'],
    ['night-final-0', 'Trained'],
  ]);
  const { out } = await exported('trials', 'night', '-o', 'jsonl');
  const trials = out.map((line) => ResultTrial.parse(JSON.parse(line)));
  for (const [k, trial] of trials.entries()) {
    const losses = trial.epochs.map(({ loss }) => loss);
    expect(rows[k]).toMatchObject({
      index: BigInt(trial.index),
      parameters: trial.metrics === undefined ? null : BigInt(trial.metrics.parameters),
      accuracy: trial.metrics?.accuracy ?? null,
      completionTime: trial.completionTime === undefined ? null : new Date(trial.completionTime),
      objectives: trial.objectives ?? [],
      curveEpoch: trial.epochs.map(({ epoch }) => BigInt(epoch)),
      curveLoss: losses,
      genotype: trial.genotype,
    });
  }
  expect(rows[0]?.['curveLoss']).toHaveLength(2);
  // A learning curve without this column: nulls, as many as it has epochs.
  expect(rows[0]?.['curveGradientAngle']).toEqual([null, null]);
});

test('the winner is the best final network, as genotype.json has it', async () => {
  const { out } = await exported('genotype', 'night');
  const document = JSON.parse(out.join('\n'));
  const genotype = parseGenotype(CELLS[2]);
  expect(document).toEqual({
    text: CELLS[2],
    hash: genotypeHash(genotype),
    genotype: JSON.parse(JSON.stringify(genotype)),
    shape: { channels: 16 },
  });
});

test('the network of any trial, as YAML, into a file', async () => {
  const { out, err } = await exported('genotype', 'night', '0', '-o', 'yaml', '-f', 'a.yaml');
  expect([out, err]).toEqual([[], ['written to a.yaml']]);
  expect(parse(await readFile(join(folder, 'a.yaml'), 'utf8'))).toMatchObject({ text: CELLS[0] });
});

/** model.onnx of a trial of runs/night, and where it lies. */
async function leaveModel(trial: string, genotype: string = CELLS[2]): Promise<string> {
  const directory = join(folder, 'runs/night/trials', trial);
  const task = { height: 8, width: 8, channels: 3, classes: 10 };
  await mkdir(directory, { recursive: true });
  const model = await modelOf({ genotype, task, shape: { channels: 16, cells: 5 } });
  await writeFile(join(directory, 'model.onnx'), model);
  return directory;
}

test('PyTorch source and weights of the winner, with the rule of each layer and no class too many', async () => {
  await leaveModel('night-final-0');
  const { err } = await exported('pytorch', 'night', '--to', 'winner');
  expect(err).toEqual(['written to winner/network.py', 'written to winner/weights.safetensors']);
  expect(await readdir(join(folder, 'winner'))).toEqual(['network.py', 'weights.safetensors']);
  const source = await readFile(join(folder, 'winner/network.py'), 'utf8');
  expect(source).toContain('trial night-final-0 of search night, trained on ');
  expect(source.match(/^class \w+/gm)).toEqual([
    'class ConvBN',
    'class ReLUConvBN',
    'class ResidualReduction',
    'class Cell',
    'class Network',
  ]);
  const weights = await readFile(join(folder, 'winner/weights.safetensors'));
  const { tensors, metadata } = decodeSafetensors(weights, 'weights');
  expect(metadata).toEqual({ format: 'pt', genotype: CELLS[2] });
  expect(tensors['classifier.weight']?.shape).toEqual([10, 64]);
  expect(tensors['stem.norm.running_var']?.shape).toEqual([16]);
});

test.each([
  ['0', 'night-0000: expected the model.onnx of a network that was trained to its end, found none'],
  ['3', 'found none: it failed'],
  ['4', 'found none: it is running'],
])('of trial %s, which has left none, there is no module', async (trial, why) => {
  await expect(exported('pytorch', 'night', trial, '--to', 'winner')).rejects.toThrow(why);
});

test.each<[string, (file: string) => Promise<void>, RegExp]>([
  ['of other bytes', (file) => writeFile(file, 'ONNX?'), /expected a model\.onnx of bionas, got/],
  [
    'of another network',
    async () => void (await leaveModel('night-final-0', CELLS[1])),
    /expected the network nb201;.*, got nb201;/,
  ],
])('a model %s is refused', async (_, spoil, why) => {
  await spoil(join(await leaveModel('night-final-0'), 'model.onnx'));
  await expect(exported('pytorch', 'night', '--to', 'winner')).rejects.toThrow(why);
});

test('a final network may be larger than those of the search', async () => {
  const { search } = night();
  const final = { ...search.spec.final, training: { ...search.spec.final.training, cells: 9 } };
  folder = await leaveNight({ search: { ...search, spec: { ...search.spec, final } } });
  const shapes = ['final-0', '0'].map(async (trial) => {
    const { out } = await exported('genotype', 'night', trial);
    return JSON.parse(out.join('\n')).shape;
  });
  expect(await Promise.all(shapes)).toEqual([{ cells: 9, channels: 16 }, { channels: 16 }]);
});

test('a final network that was trained once is a table of one row', async () => {
  const { out } = await exported('table', 'night');
  expect(out.slice(0, 3)).toEqual([
    '| rules | test accuracy \\[%\\] | trainings | parameters | MACs | robust, L∞ 8/255 \\[%\\] |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    '| Network 1 | 90.66 | 1 | 68.9 k | 7.03 M | 67.00 |',
  ]);
});

test('without a final network there is no table', async () => {
  const { records = [] } = night();
  folder = await leaveNight({
    records: records.filter((each) => !('purpose' in each) || each.purpose !== 'Final'),
  });
  await expect(exported('table', 'night')).rejects.toThrow(
    'runs/night: expected final networks, found none; spec.final.topK says',
  );
});

test('where nothing has a score, that is said', async () => {
  const { search } = night();
  folder = await leaveNight({
    search: { ...search, status: { ...search.status!, best: [], final: [] } },
  });
  await expect(exported('genotype', 'night')).rejects.toThrow(
    'runs/night: expected a trial with a score, found none yet',
  );
});
