// `bionas export`: trials and networks for other programs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addExportCommand } from '../../../cli/export/index.ts';
import { ResultTrial } from '../../../cli/result/index.ts';
import { genotypeHash, parseGenotype } from '../../../crds/index.ts';
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

test('where nothing has a score, that is said', async () => {
  const { search } = night();
  folder = await leaveNight({
    search: { ...search, status: { ...search.status!, best: [], final: [] } },
  });
  await expect(exported('genotype', 'night')).rejects.toThrow(
    'runs/night: expected a trial with a score, found none yet',
  );
});
