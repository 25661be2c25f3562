// NATS-Bench's own form: a directory of its shape is read as its authors' API reads it, and no pickle is run as a program.
// The vectors are of scripts/make-nats-bench-vectors.py: accuracy of network i after epoch e is 10 + 20 i + 40 e / epochs + seed / 1000 %.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fitOf } from '../../../cli/simulate/index.ts';
import { openTable } from '../../../cli/simulate/table/index.ts';
import { genotypeOf } from '../../../cli/simulate/table/nats-bench.ts';
import { pickled } from '../../../cli/simulate/table/pickled.ts';
import { TableError } from '../../../cli/simulate/table/table.ts';
import { makeSearch } from '../../builders/search-result.ts';

const DIRECTORY = fileURLToPath(new URL('nats-bench', import.meta.url));

const open = (wanted = { dataset: 'cifar10', epochs: 12 }) =>
  openTable(DIRECTORY, wanted, {
    readFile: (path) => readFile(path, 'utf8'),
    readBytes: (path) => readFile(path),
    listDirectory: (path) => readdir(path),
    onRead: async () => undefined,
  });

const SECOND =
  'nb201;nor_conv_3x3:BP~0|nor_conv_3x3:BP~0,none~1|skip_connect~0,nor_conv_3x3:BP~1,skip_connect~2;rest=BP';

test('an architecture is our cell under the one rule BP', () => {
  const text =
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|';
  expect(genotypeOf(text, 'meta')).toBe(SECOND);
  expect(() => genotypeOf('|conv~0|+|none~0|', 'meta')).toThrow(
    /^meta: expected an architecture of NAS-Bench-201, got '\|conv~0\|\+\|none~0\|'/,
  );
});

test('searches see the lowest seed; others say what is chance', async () => {
  const table = await open();
  const network = table.networks.get(SECOND);
  expect(network?.curve).toHaveLength(12);
  expect(network?.curve.at(0)).toBeCloseTo(0.33444, 5); // 10 + 20 + 40 / 12 + 0.111
  expect(network?.curve.at(-1)).toBeCloseTo(0.70111, 5);
  expect(network?.again.map((curve) => curve.at(-1))).toEqual([expect.closeTo(0.70777, 5)]);
  expect(network).toMatchObject({ macs: 101_500_000, epochSeconds: 13 });
});

test('of 200 epochs parameters are those of seed 888, as for the authors', async () => {
  const { networks } = await open({ dataset: 'cifar10', epochs: 200 });
  expect(networks.get(SECOND)).toMatchObject({ parameters: 1_250_000 });
  expect(networks.get(SECOND)?.again).toHaveLength(2);
});

test('it is the table of its space, less what has no file', async () => {
  const table = await open();
  expect([...table.networks]).toHaveLength(3);
  expect(table.notes).toEqual(['1 of its 4 architectures have no file']);
  const spec = {
    searchSpace: { kind: 'nb201', learningRules: ['BP'], conversion: 'partial' },
    dataset: { name: 'cifar10' },
    training: { epochs: 12 },
  };
  expect(fitOf('search.yaml', makeSearch({}, spec), table)).toEqual({
    known: 3,
    networks: 15_625n,
  });
});

test.each([
  ['cifar100', 200],
  ['cifar10', 50],
  ['mnist', 12],
])('%s with %d epochs is not in it', async (dataset, epochs) => {
  await expect(open({ dataset, epochs })).rejects.toThrow(
    `expected searches on cifar10 with 12 or 200 epochs, or cifar100 with 12 epochs, got ${dataset} with ${epochs}`,
  );
});

/** Bytes in base64, as python3 -c "import base64, bz2; print(base64.b64encode(bz2.compress(PICKLE)).decode())" prints them. */
test.each([
  [
    'a pickle that calls the shell', // b"\x80\x02cos\nsystem\nU\x04true\x85R."
    'QlpoOTFBWSZTWUC6q6MAAApTwBQQAAESAAoCniBCACAAIpo0YhtNQoaaYAK3HnLsKmcgtwHBj4u5IpwoSCBdVdGA',
    /^x.pickle.pbz2: expected data alone, got a call of os.system \(GLOBAL at byte 2\)$/,
  ],
  [
    'a pickle that ends early', // b"\x80\x04]"
    'QlpoOTFBWSZTWaizzQIAAAFCQAQAAAJAACAAIZgZhGF3JFOFCQqLPNAg',
    /^x.pickle.pbz2: expected 1 bytes more, got the end of the file/,
  ],
  ['what is no bzip2', btoa('PK'), /^x.pickle.pbz2: expected a pickle packed with bzip2, got /],
])('%s is refused', (_what, packed, message) => {
  const read = () => pickled('x.pickle.pbz2', Buffer.from(packed, 'base64'));
  expect(read).toThrow(TableError);
  expect(read).toThrow(message);
});
