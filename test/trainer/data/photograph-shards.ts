// Builders of shards with the same small photographs in them, in each form in which they may lie: two classes, shades that say which.
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { tarPadded, writeTarHeader } from '../../../trainer/data/formats/index.ts';
import type { Files } from './directories.ts';

export interface Labelled {
  readonly name: string;
  readonly label: number;
  readonly bytes: Uint8Array;
}

/** Pictures of shade 10, 20, ... (`first` the first), labels 0 and 1 in turn. */
export async function shades(count: number, first = 10): Promise<Labelled[]> {
  const pictures: Labelled[] = [];
  for (let i = 0; i < count; i++) {
    const grey = first + 10 * i;
    const background = { r: grey, g: grey, b: grey };
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .jpeg({ quality: 100 })
      .toBuffer();
    pictures.push({ name: `shade${grey}`, label: i % 2, bytes: new Uint8Array(bytes) });
  }
  return pictures;
}

export function tarOf(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts = files.flatMap(([name, bytes]) => [
    writeTarHeader(name, bytes.length),
    bytes,
    new Uint8Array(tarPadded(bytes.length) - bytes.length),
  ]);
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(1024)]));
}

export const webDatasetOf = (pictures: readonly Labelled[]): Uint8Array =>
  tarOf(
    pictures.flatMap(({ name, label, bytes }) => [
      [`${name}.cls`, new TextEncoder().encode(`${label}`)] as const,
      [`${name}.jpg`, bytes] as const,
    ]),
  );

export const CLASS_NAMES = ['tench', 'goldfish'];

interface ParquetOptions {
  readonly codec?: 'SNAPPY' | 'UNCOMPRESSED';
  /** In place of the pictures' own, as numbers with fractions. */
  readonly labels?: readonly (number | null)[];
}

/** As the datasets library writes it, two rows a group. */
export function parquetOf(
  pictures: readonly Labelled[],
  { codec = 'SNAPPY', labels }: ParquetOptions = {},
): Uint8Array {
  const info = { info: { features: { label: { names: CLASS_NAMES, _type: 'ClassLabel' } } } };
  const buffer = parquetWriteBuffer({
    codec,
    rowGroupSize: 2,
    columnData: [
      {
        name: 'image',
        data: pictures.map(({ name, bytes }) => ({ bytes, path: `${name}.JPEG` })),
      },
      { name: 'label', data: [...(labels ?? pictures.map(({ label }) => BigInt(label)))] },
    ],
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'label', type: labels ? 'DOUBLE' : 'INT64', repetition_type: 'OPTIONAL' },
    ],
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify(info) }],
  });
  return new Uint8Array(buffer);
}

/** The two halves of a part, in two shards. */
const halves = (pictures: readonly Labelled[]) => {
  const middle = Math.ceil(pictures.length / 4) * 2;
  return [pictures.slice(0, middle), pictures.slice(middle)] as const;
};

/** Files of a data set with these parts, by form. */
export const FORMS: Readonly<
  Record<string, (train: readonly Labelled[], val: readonly Labelled[]) => Files>
> = {
  'image-folder': (train, val) =>
    Object.fromEntries(
      (['train', 'val'] as const).flatMap((part) =>
        (part === 'train' ? train : val).map(({ name, label, bytes }) => [
          `${part}/n0000000${label + 1}/${name}.JPEG`,
          bytes,
        ]),
      ),
    ),
  webdataset: (train, val) => ({
    'train-000000.tar': webDatasetOf(halves(train)[0]),
    'train-000001.tar': webDatasetOf(halves(train)[1]),
    'val-000000.tar': webDatasetOf(val),
  }),
  parquet: (train, val) => ({
    'data/train-00000-of-00002.parquet': parquetOf(halves(train)[0]),
    'data/train-00001-of-00002.parquet': parquetOf(halves(train)[1], { codec: 'UNCOMPRESSED' }),
    'data/validation-00000-of-00001.parquet': parquetOf(val),
    'data/test-00000-of-00001.parquet': new Uint8Array(9),
  }),
};
