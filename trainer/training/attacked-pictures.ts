// The pictures that attacks change: the first ones of those that score the network.
import type { Pictures } from '../attacks/index.ts';
import type { TrainContext } from './train-context.ts';

/** At most `wanted`, in [0, 1]. */
export async function firstPictures(
  { data, task }: Pick<TrainContext, 'data' | 'task'>,
  wanted: number,
): Promise<Pictures> {
  const size = task.height * task.width * task.channels;
  const found: { readonly x: Uint8Array; readonly label: number }[] = [];
  for await (const { pictures, labels } of data.evaluation()) {
    for (const [i, label] of labels.entries())
      if (label >= 0 && found.length < wanted)
        found.push({ x: pictures.slice(i * size, (i + 1) * size), label });
    if (found.length === wanted) break;
  }
  const x = new Float32Array(found.length * size);
  for (const [i, picture] of found.entries())
    x.set(
      Float32Array.from(picture.x, (value) => value / 255),
      i * size,
    );
  return { x, labels: Int32Array.from(found, ({ label }) => label) };
}
