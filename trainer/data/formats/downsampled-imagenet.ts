// Batches of downsampled ImageNet (Chrabaszcz et al. 2017, 1707.08819): a pickle of a dict whose `data` is uint8 [N, 3 x side x side],
// the red, green and blue planes of N pictures, and whose `labels` are N numbers from 1 to 1000, in the order of ILSVRC's kit.
import { type ByteSource, wholeOf } from './byte-stream.ts';
import { FormatError } from './format-error.ts';
import { NdArray, readPickle } from './pickle/index.ts';
import { interleave } from './planes.ts';

const CHANNELS = 3;
const LABELS = 1000;

export interface DownsampledPart {
  /** n x side x side x 3 of the pictures that were kept */
  readonly pictures: Uint8Array;
  /** n labels less 1 */
  readonly labels: Int32Array;
}

/** Keeps pictures of the first `classes` labels. Memory: the file and what is kept. Throws FormatError. */
export async function readDownsampledImagenet(
  source: ByteSource,
  { side, classes }: { readonly side: number; readonly classes: number },
): Promise<DownsampledPart> {
  const { path } = source;
  const area = side * side;
  const bytes = await wholeOf(source);
  const { data, labels } = batchOf(path, readPickle(path, bytes), CHANNELS * area);
  const kept = labels.flatMap((label, i) => (label <= classes ? [i] : []));
  const pictures = new Uint8Array(kept.length * CHANNELS * area);
  for (const [n, i] of kept.entries()) {
    const planes = data.subarray(i * CHANNELS * area, (i + 1) * CHANNELS * area);
    interleave(planes, { data: pictures, at: n * CHANNELS * area }, area);
  }
  return { pictures, labels: Int32Array.from(kept, (i) => (labels[i] as number) - 1) };
}

function batchOf(path: string, batch: unknown, width: number) {
  const data = batch instanceof Map ? batch.get('data') : undefined;
  const labels = batch instanceof Map ? batch.get('labels') : undefined;
  if (!(data instanceof NdArray) || !Array.isArray(labels)) {
    throw new FormatError(path, {
      expected: 'a dict with an array `data` and a list `labels`',
      got: batch instanceof Map ? `one with ${namesIn(batch)}` : 'another value',
    });
  }
  const { type, shape, bytes } = data;
  if (type !== 'u1' || shape.length !== 2 || shape[1] !== width || shape[0] !== labels.length) {
    throw new FormatError(path, {
      expected: `data of type u1 and shape ${labels.length} x ${width}, a row for each label`,
      got: `type ${type} and shape ${shape.join(' x ')}`,
    });
  }
  const isLabel = (label: unknown) =>
    Number.isInteger(label) && Number(label) >= 1 && Number(label) <= LABELS;
  const bad = labels.findIndex((label) => !isLabel(label));
  if (bad >= 0) {
    throw new FormatError(path, {
      expected: `labels from 1 to ${LABELS}`,
      got: `${plain(labels[bad])} at entry ${bad}`,
    });
  }
  return { data: bytes, labels: labels as readonly number[] };
}

const SHOWN = 6;

/** A few keys that are texts. */
const namesIn = (dict: ReadonlyMap<unknown, unknown>): string =>
  [...dict.keys()].slice(0, SHOWN).map(plain).join(', ');

/** A list may hold itself, or the same list a million times over: it is not printed. */
const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 40) : 'no text';
