// WebDataset's shards: tar archives in which files of one basename are a picture (.jpg, .jpeg, .png, .webp) and its label (.cls, a class
// index as text). Headers are read once, to know where each picture lies.
import { type Photographs, sharedLabels, sharedNumbers } from '../dataset.ts';
import {
  FormatError,
  readTarHeader,
  TAR_BLOCK,
  type TarHeader,
  tarPadded,
} from '../formats/index.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { Store } from '../stores/index.ts';
import { blocksOf } from './blocks.ts';
import { nameAt, packNames } from './file-names.ts';
import { filesOf } from './find.ts';
import type { PhotographFormat } from './format.ts';
import { numberedClasses } from './numbered-classes.ts';

/** Shards read at once. */
const WIDTH = 8;

export const webDataset: PhotographFormat = {
  sourcesOf: (survey, part) => filesOf(survey, part, '.tar'),

  async index(store, shards, { classes, signal }) {
    const found: Entry[][] = shards.map(() => []);
    await severalAtOnce(WIDTH, shards, async (shard, i) => {
      found[i] = await entriesOf(store, shard, { classes, signal });
    });
    const all = found.flat();
    const labels = sharedLabels(all.length);
    const spans = { from: sharedNumbers(all.length), length: sharedLabels(all.length) };
    for (const [i, { from, length, label }] of all.entries()) {
      labels[i] = label;
      spans.from[i] = from;
      spans.length[i] = length;
    }
    const counts = found.map((entries) => entries.length);
    return {
      format: 'webdataset',
      files: packNames('', shards),
      labels,
      classes: numberedClasses(classes),
      spans,
      blocks: blocksOf(spans, counts),
    };
  },

  readBlock: (set, store, block) => readSpans(set, store, block),
};

/** All pictures of a block by one request. */
async function readSpans(set: Photographs, store: Store, block: number): Promise<Uint8Array[]> {
  const { blocks, spans, files } = set;
  if (blocks === undefined || spans === undefined) return [];
  const range = { from: blocks.from[block] ?? 0, to: blocks.to[block] ?? 0 };
  const bytes = await store.get(nameAt(files, blocks.file[block] ?? 0), { range });
  const pictures: Uint8Array[] = [];
  for (let i = blocks.first[block] ?? 0; i < (blocks.first[block + 1] ?? 0); i++) {
    const at = (spans.from[i] ?? 0) - range.from;
    pictures.push(bytes.subarray(at, at + (spans.length[i] ?? 0)));
  }
  return pictures;
}

interface Entry {
  readonly from: number;
  readonly length: number;
  readonly label: number;
}

interface Sample {
  picture?: { readonly from: number; readonly length: number };
  label?: number;
}

interface Expected {
  readonly classes: number;
  readonly signal: AbortSignal | undefined;
}

/** A shard's pictures in their order. */
async function entriesOf(store: Store, shard: string, expected: Expected): Promise<Entry[]> {
  const path = store.title + shard;
  const samples = new Map<string, Sample>();
  for await (const { name, size, from, text } of membersOf(store, shard, expected.signal)) {
    const [, key = '', ending = ''] = /^(.*?[^/]*?)\.([^/]*)$/.exec(name) ?? [];
    const sample = samples.get(key) ?? {};
    if (/^(jpe?g|png|webp)$/i.test(ending)) sample.picture = { from, length: size };
    else if (ending === 'cls') sample.label = labelIn(path, name, await text(), expected.classes);
    else continue;
    samples.set(key, sample);
  }
  return Array.from(samples, ([key, { picture, label }]) => {
    if (picture !== undefined && label !== undefined) return { ...picture, label };
    throw new FormatError(path, {
      expected: 'a picture (.jpg, .png, .webp) and a label (.cls) of each basename',
      got: `only ${picture === undefined ? 'a label' : 'a picture'} of ${key}`,
    });
  });
}

function labelIn(path: string, name: string, text: string, classes: number): number {
  const label = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (label < classes) return label;
  throw new FormatError(path, {
    expected: `labels from 0 to ${classes - 1}`,
    got: `"${text.slice(0, 40)}" in ${name}`,
  });
}

interface Member extends TarHeader {
  /** Where its data begin. */
  readonly from: number;
  readonly text: () => Promise<string>;
}

const LONGEST_TEXT = 65_536;

/** The archive's files, by their headers. */
async function* membersOf(
  store: Store,
  shard: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Member> {
  const path = store.title + shard;
  const size = await store.size(shard, signal);
  if (size === undefined) throw new FormatError(path, { expected: 'a shard', got: 'none' });
  const piece = pieces(store, shard, size, signal);
  let longName: string | undefined;
  for (let at = 0; ; ) {
    const block = await piece(at, TAR_BLOCK);
    if (block.length < TAR_BLOCK)
      throw new FormatError(path, {
        expected: 'a tar archive to its end, which blocks of zeros tell',
        got: `the end of the file after ${size} bytes`,
      });
    const header = readTarHeader(path, block);
    if (header === undefined) return;
    const from = at + TAR_BLOCK;
    checkEnd(path, header, { from, size });
    at = from + tarPadded(header.size);
    const text = async () =>
      Buffer.from(await piece(from, Math.min(header.size, LONGEST_TEXT))).toString('utf8');
    if (header.type === '0') yield { ...header, name: longName ?? header.name, from, text };
    longName = await longNameIn(header, text);
  }
}

function checkEnd(path: string, header: TarHeader, { from, size }: { from: number; size: number }) {
  if (from + header.size <= size) return;
  throw new FormatError(path, {
    expected: `${header.size} bytes of ${header.name} from byte ${from} on`,
    got: `the end of the file after ${size} bytes`,
  });
}

/** Of the next file, where this header is there to say it. */
async function longNameIn({ type }: TarHeader, text: () => Promise<string>) {
  if (type === 'L') return (await text()).replace(/\0.*$/s, '');
  return type === 'x' ? paxPath(await text()) : undefined;
}

const paxPath = (records: string): string | undefined => /^\d+ path=(.*)$/m.exec(records)?.[1];

/** Bytes of a file at any place, fewer at its end; what lies close behind is read along. */
function pieces(store: Store, name: string, size: number, signal: AbortSignal | undefined) {
  let start = 0;
  let held: Uint8Array = new Uint8Array();
  return async (at: number, length: number): Promise<Uint8Array> => {
    if (at < start || at + length > start + held.length) {
      const to = Math.min(size, at + Math.max(length, store.grain));
      held =
        at >= to ? new Uint8Array() : await store.get(name, { range: { from: at, to }, signal });
      start = at;
    }
    return held.subarray(at - start, at - start + length);
  };
}
