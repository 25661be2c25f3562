// Parquet files in Hugging Face's layout: a row a picture, `image` {bytes, path} and `label`, names of classes in the file's metadata.
// hyparquet reads: pages of one row group at a time, of the columns asked for.
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { sharedLabels } from '../dataset.ts';
import { FormatError } from '../formats/index.ts';
import { severalAtOnce } from '../several-at-once.ts';
import { type Store, StoreError } from '../stores/index.ts';
import { sharedBlocks } from './blocks.ts';
import { nameAt, packNames } from './file-names.ts';
import { filesOf } from './find.ts';
import type { PhotographFormat } from './format.ts';
import { numberedClasses } from './numbered-classes.ts';

/** Files read at once. */
const WIDTH = 8;

export const parquet: PhotographFormat = {
  sourcesOf: (survey, part) => filesOf(survey, part, '.parquet'),

  async index(store, files, { classes, signal }) {
    const found: FileIndex[] = [];
    await severalAtOnce(WIDTH, files, async (file, i) => {
      found[i] = await indexOf(store, file, signal);
    });
    let first = 0;
    const groups = found.flatMap((of, file) =>
      of.groups.map((group) => {
        first += group.labels.length;
        return { ...group, file, first: first - group.labels.length };
      }),
    );
    const labels = sharedLabels(first);
    for (const group of groups) {
      checkWhole(store.title + (files[group.file] ?? ''), group.labels);
      labels.set(group.labels, group.first);
    }
    checkLabels(store.title + (files[0] ?? ''), labels, classes);
    const named = found[0]?.classes ?? numberedClasses(classes);
    return {
      format: 'parquet',
      files: packNames('', files),
      labels,
      classes: named,
      blocks: sharedBlocks(groups, first),
    };
  },

  async readBlock(set, store, block) {
    const { blocks, files } = set;
    if (blocks === undefined) return [];
    const fileIndex = blocks.file[block] ?? 0;
    const name = nameAt(files, fileIndex);
    const { buffer, metadata } = await opened(store, name);
    let group = 0;
    while (blocks.file[block - group - 1] === fileIndex && group < block) group++;
    const range = rowsOf(metadata, group);
    const [from, to] = [blocks.from[block] ?? 0, blocks.to[block] ?? 0];
    const held = await store.get(name, { range: { from, to } });
    const rows = await told(store.title + name, () =>
      parquetReadObjects({
        file: within(buffer, { from, held }),
        metadata,
        columns: ['image'],
        ...range,
        utf8: false,
        compressors,
      }),
    );
    return rows.map((row, i) => bytesIn(store.title + name, row, range.rowStart + i));
  },
};

interface GroupIndex {
  readonly labels: number[];
  readonly from: number;
  readonly to: number;
}

interface FileIndex {
  readonly groups: readonly GroupIndex[];
  readonly classes: readonly string[] | undefined;
}

async function indexOf(store: Store, name: string, signal?: AbortSignal): Promise<FileIndex> {
  const path = store.title + name;
  const { buffer, metadata } = await opened(store, name, signal);
  const groups: GroupIndex[] = [];
  for (const [g, group] of metadata.row_groups.entries()) {
    const { from, to } = imageColumns(path, group);
    const rows = await told(path, () =>
      parquetReadObjects({
        file: buffer,
        metadata,
        columns: ['label'],
        ...rowsOf(metadata, g),
        compressors,
      }),
    );
    groups.push({ labels: rows.map((row) => Number(row['label'] ?? Number.NaN)), from, to });
  }
  return { groups, classes: classNames(metadata) };
}

/** Bytes of the file in which a row group's pictures lie. */
function imageColumns(path: string, { columns }: RowGroup): { from: number; to: number } {
  const chunks = columns.flatMap(({ meta_data: chunk }) =>
    chunk?.path_in_schema[0] === 'image' ? [chunk] : [],
  );
  if (!chunks.some(({ path_in_schema }) => path_in_schema[1] === 'bytes'))
    throw new FormatError(path, { expected: 'a column image.bytes', got: 'none' });
  const starts = chunks.map((chunk) =>
    Number(chunk.dictionary_page_offset ?? chunk.data_page_offset),
  );
  const ends = chunks.map((chunk, i) => (starts[i] ?? 0) + Number(chunk.total_compressed_size));
  return { from: Math.min(...starts), to: Math.max(...ends) };
}

function rowsOf({ row_groups }: FileMetaData, group: number): { rowStart: number; rowEnd: number } {
  const counts = row_groups.map(({ num_rows }) => Number(num_rows));
  const rowStart = counts.slice(0, group).reduce((sum, rows) => sum + rows, 0);
  return { rowStart, rowEnd: rowStart + (counts[group] ?? 0) };
}

/** As the datasets library writes them: {"info": {"features": {"label": {"names": [...]}}}}. */
function classNames({ key_value_metadata }: FileMetaData): readonly string[] | undefined {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  try {
    const names: unknown = JSON.parse(text ?? '{}')?.info?.features?.label?.names;
    return Array.isArray(names) && names.every((name) => typeof name === 'string')
      ? names
      : undefined;
  } catch {
    return undefined; // Names are a convenience: labels are checked all the same.
  }
}

/** An Int32Array would make a 0 of what is none. */
function checkWhole(path: string, labels: readonly number[]): void {
  const bad = labels.findIndex((label) => !Number.isInteger(label));
  if (bad < 0) return;
  throw new FormatError(path, {
    expected: 'a column label with whole numbers',
    got: `none of picture ${bad} of a row group`,
  });
}

function checkLabels(path: string, labels: Int32Array, classes: number): void {
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad < 0) return;
  throw new FormatError(path, {
    expected: `a column label with numbers from 0 to ${classes - 1}`,
    got: `${labels[bad]} of picture ${bad}`,
  });
}

function bytesIn(path: string, row: Readonly<Record<string, unknown>>, index: number): Uint8Array {
  const image = row['image'];
  const bytes =
    typeof image === 'object' && image !== null && 'bytes' in image ? image.bytes : undefined;
  if (bytes instanceof Uint8Array) return bytes;
  throw new FormatError(path, { expected: `bytes in image of row ${index}`, got: 'none' });
}

interface Opened {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** Footers of files, which every row group needs, by their store. */
const footers = new WeakMap<Store, Map<string, Promise<Opened>>>();

function opened(store: Store, name: string, signal?: AbortSignal): Promise<Opened> {
  const known = footers.get(store) ?? new Map<string, Promise<Opened>>();
  footers.set(store, known);
  const before = known.get(name);
  if (before !== undefined) return before;
  const opening = openFile(store, name, signal);
  known.set(name, opening);
  opening.catch(() => known.delete(name));
  return opening;
}

/** Of a file that may yet change: it is not kept. */
export const readFooter = async (
  store: Store,
  name: string,
  signal?: AbortSignal,
): Promise<FileMetaData> => (await openFile(store, name, signal)).metadata;

async function openFile(store: Store, name: string, signal?: AbortSignal): Promise<Opened> {
  const path = store.title + name;
  const byteLength = await store.size(name, signal);
  if (byteLength === undefined)
    throw new StoreError(path, { fault: 'missing', got: 'expected a file, got none' });
  const slice = async (from: number, to = byteLength) =>
    exact(await store.get(name, { range: { from, to: Math.min(to, byteLength) }, signal }));
  const buffer = { byteLength, slice };
  return { buffer, metadata: await told(path, () => parquetMetadataAsync(buffer)) };
}

/** The file, of which a part is held in memory. */
const within = (
  { byteLength, slice }: AsyncBuffer,
  { from, held }: { readonly from: number; readonly held: Uint8Array },
): AsyncBuffer => ({
  byteLength,
  slice: (start, end = byteLength) =>
    start >= from && end <= from + held.length
      ? exact(held.subarray(start - from, end - from))
      : slice(start, end),
});

const exact = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

/** What hyparquet throws of a damaged file as a FormatError. */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StoreError || !(cause instanceof Error) || cause.name === 'AbortError')
      throw cause;
    throw new FormatError(path, {
      expected: 'a whole Parquet file',
      got: `"${cause.message}"`,
      cause,
    });
  }
}
