// Packed into Parquet files in Hugging Face's layout, which its datasets library and the reader beside this one open. What was packed and
// how is told by the footer, so that nothing else lies there.
import { parquetWriteBuffer } from 'hyparquet-writer';
import { z } from 'zod';
import { readFooter } from '../photographs/index.ts';
import { otherShard, type PackForm, type PartName, type ShardPlace } from './form.ts';
import { Kinds, LeftOut } from './manifest.ts';

/** As the datasets library names its splits. */
const SPLIT: Readonly<Record<PartName, string>> = { train: 'train', test: 'validation' };

const digits = (n: number): string => String(n).padStart(5, '0');

const nameOf = ({ part, number, of }: ShardPlace): string =>
  `data/${SPLIT[part]}-${digits(number)}-of-${digits(of)}.parquet`;

/** Rows a group, which readers read at once: some three megabytes, as that library has them of pictures. */
const GROUP_ROWS = 100;

/** The key in the footer, and what is told there. */
const KEY = 'bionas-pack';
const About = z.object({ identity: z.string(), kinds: Kinds, leftOut: z.array(LeftOut) });

const SCHEMA = [
  { name: 'root', num_children: 2 },
  { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
] as const;

export const parquetForm: PackForm = {
  async find({ store, identity, signal }, shard) {
    const name = nameOf(shard);
    const bytes = await store.size(name, signal);
    if (bytes === undefined) return undefined;
    const { num_rows, key_value_metadata } = await readFooter(store, name, signal);
    const text = key_value_metadata?.find(({ key }) => key === KEY)?.value;
    const about = About.safeParse(parsed(text));
    if (!about.success || about.data.identity !== identity) throw otherShard(store.title + name);
    return { entry: { name, pictures: Number(num_rows), bytes }, ...about.data };
  },

  async write({ store, identity, classes, signal }, shard, { pictures, kinds, leftOut }) {
    const name = nameOf(shard);
    const names = { names: classes, _type: 'ClassLabel' };
    const features = { image: { _type: 'Image' }, label: names };
    const about = { identity, kinds, leftOut };
    const file = new Uint8Array(
      parquetWriteBuffer({
        // JPEGs do not become smaller, and the least of them tells nothing.
        ...{ codec: 'UNCOMPRESSED', statistics: false, rowGroupSize: GROUP_ROWS },
        schema: [...SCHEMA],
        columnData: [
          {
            name: 'image',
            data: pictures.map(({ key, bytes }) => ({ bytes, path: `${key}.jpg` })),
          },
          { name: 'label', data: pictures.map(({ label }) => BigInt(label)) },
        ],
        kvMetadata: [
          { key: 'huggingface', value: JSON.stringify({ info: { features } }) },
          { key: KEY, value: JSON.stringify(about) },
        ],
      }),
    );
    await store.put?.(name, file, signal);
    return { entry: { name, pictures: pictures.length, bytes: file.length }, kinds, leftOut };
  },

  finish: async () => undefined,
};

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
