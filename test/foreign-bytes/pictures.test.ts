// Readers of data sets: files that come from the net, or lie on a volume that others write to.
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe } from 'vitest';
import {
  FormatError,
  openBytes,
  readCifar,
  readDownsampledImagenet,
  readIdxLabels,
  readIdxPictures,
  readNpy,
  readNpz,
  readPickle,
  readTarHeader,
} from '../../trainer/data/formats/index.ts';
import { extractTar } from '../../trainer/data/sources/tar.ts';
import { type ForeignReader, foreignBytesCases } from '../cases/foreign-bytes.cases.ts';
import { cifarRecord, idxBytes, joined, sourceOf } from '../trainer/data/formats/byte-sources.ts';
import { laughs, pickled, pickleOf, uint32 } from '../trainer/data/formats/pickle-bytes.ts';
import { inFolder, onDisk } from './on-disk.ts';

const MOST = 1000;
const numpyHeader = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117);
const numpyArray = joined(
  Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0),
  Buffer.from(`${numpyHeader}\n`),
  new Uint8Array(8),
);
const pictures = idxBytes(0x0803, [2, 1, 3], [1, 2, 3, 250, 251, 252]);
const labels = idxBytes(0x0801, [3], [0, 9, 4]);
const bomb = gzipSync(joined(idxBytes(0x0803, [8192, 64, 64], []), new Uint8Array(2 ** 25)));
const LAYOUT = { labelBytes: 1, labelAt: 0, classes: 10, most: MOST };

const tarBlock = (name: string, size: string): Uint8Array => {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write(size, 124, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};
const tar = (name: string, size = '00000000003') =>
  joined(tarBlock(name, size), Buffer.from('abc'.padEnd(512, '\0')), new Uint8Array(1024));

const nested = (count: number) => pickleOf([']'.repeat(count), 'a'.repeat(count - 1)]);
const ID = `X${uint32(2)}id`;
const called = (name: string) => pickleOf([`c${name}\n`, `${ID}\x85R`]);

const READERS: Readonly<Record<string, ForeignReader>> = {
  'IDX pictures': {
    read: (bytes) => readIdxPictures(sourceOf(bytes), MOST),
    refusals: [FormatError],
    whole: [pictures],
    expansion: 1,
  },
  'IDX labels': {
    read: (bytes) => readIdxLabels(sourceOf(bytes), { classes: 10, most: MOST }),
    refusals: [FormatError],
    whole: [labels],
    expansion: 4,
  },
  'packed IDX pictures': {
    read: onDisk('pictures.gz', async (path) => readIdxPictures(await openBytes(path), MOST)),
    refusals: [FormatError],
    whole: [gzipSync(pictures)],
    nasty: [bomb],
    expansion: 1,
  },
  'CIFAR pictures': {
    read: (bytes) => readCifar([sourceOf(bytes, 1000)], LAYOUT),
    refusals: [FormatError],
    whole: [joined(cifarRecord([3]), cifarRecord([9]))],
    expansion: 2,
  },
  'pickles of pictures': {
    read: (bytes) => readDownsampledImagenet(sourceOf(bytes, 1000), { side: 16, classes: 120 }),
    refusals: [FormatError],
    whole: [2, 3, 4].map((protocol) => pickled(`imagenet16-protocol-${protocol}`)),
    nasty: [laughs(['}'], 'Ns'), nested(20_000), called('os\nsystem')],
  },
  'NumPy arrays': {
    read: (bytes) => readNpy('a-file', bytes),
    refusals: [FormatError],
    whole: [numpyArray],
    expansion: 8,
  },
  'zips of NumPy arrays': {
    read: (bytes) => readNpz('a-file', bytes, { names: ['images'], most: 2 ** 20 }),
    refusals: [FormatError],
    whole: [zipSync({ 'images.npy': numpyArray })],
    nasty: [zipSync({ 'images.npy': new Uint8Array(2 ** 25) })],
    expansion: 1032,
  },
  'headers of tar': {
    read: (bytes) => readTarHeader('a-file', bytes.subarray(0, 512)),
    refusals: [FormatError],
    whole: [tar('a.jpg')],
  },
  pickles: {
    read: (bytes) => readPickle('a-file', bytes),
    refusals: [FormatError],
    whole: [2, 3, 4].map((protocol) => pickled(`values-protocol-${protocol}`)),
    nasty: [
      laughs(),
      laughs([], `${ID}\x93`),
      laughs(['cnumpy\ndtype\n'], '\x85R'),
      nested(20_000),
    ],
  },
  'archives of pictures': {
    read: (bytes) =>
      inFolder((folder) => extractTar(sourceOf(bytes, 300), new Map([['a', 3]]), folder)),
    refusals: [FormatError],
    whole: [tar('a'), tar('folder/a')],
    nasty: [tar('../a'), tar('/etc/a'), tar('a', '77777777777'), tar('a', '-1'), tar('..', '0')],
    expansion: 1,
  },
};

describe.each(Object.entries(READERS))('%s', (_, reader) => foreignBytesCases(reader));
