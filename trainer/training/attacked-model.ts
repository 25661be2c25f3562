// A session as attacks see it: pictures in [0, 1] in, logits and slopes out, in as many calls of the program as it takes.
import type { AttackedModel, AttackSignal, Pictures } from '../attacks/index.ts';
import type { Session, Tensors } from '../executors/index.ts';
import type { Task } from '../network/index.ts';
import type { Program } from '../program/index.ts';
import { SLOPES } from './attack-entries.ts';
import { only } from './evaluate.ts';

export interface Attacked {
  readonly task: Task;
  readonly session: Session;
  /** With the entries that attacks ask. */
  readonly program: Program;
  readonly seed: number;
  /** Every call rejects when it says so. */
  readonly signal: AbortSignal;
  /** Called with every batch: a sign of life. */
  readonly beat: () => void;
}

/** `along`: what `slope` follows. Rules that draw anew each step draw anew each call. */
export function attackedModel(attacked: Attacked, along: AttackSignal): AttackedModel {
  const { height, width, channels, classes } = attacked.task;
  const size = height * width * channels;
  const key = { calls: 0 };
  return {
    height,
    width,
    channels,
    classes,
    async answer(pictures) {
      const sizes = { logits: classes };
      return (await inBatches(attacked, 'infer', { pictures, sizes, key })).logits;
    },
    slope(pictures, target = onLabels(pictures.labels, classes)) {
      const sizes = { logits: classes, gradient: size };
      return inBatches(attacked, SLOPES[along], { pictures, target, sizes, key });
    },
  };
}

function onLabels(labels: Int32Array, classes: number): Float32Array {
  const target = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) target[i * classes + label] = 1;
  return target;
}

interface Question<Name extends string> {
  readonly pictures: Pictures;
  /** [n,K] */
  readonly target?: Float32Array;
  /** Outputs wanted, and their numbers a picture. */
  readonly sizes: Readonly<Record<Name, number>>;
  readonly key: { calls: number };
}

async function inBatches<Name extends string>(
  attacked: Attacked,
  entry: string,
  question: Question<Name>,
): Promise<Record<Name, Float32Array>> {
  const { session, signal, program, beat } = attacked;
  const { pictures, sizes } = question;
  const count = pictures.labels.length;
  const names = Object.keys(sizes) as Name[];
  const found = Object.fromEntries(
    names.map((name) => [name, new Float32Array(count * sizes[name])]),
  ) as Record<Name, Float32Array>;
  const wanted = program.entries[entry]?.inputs ?? {};
  const batch = wanted['pictures']?.shape[0] ?? 1;
  for (let from = 0; from < count; from += batch) {
    signal.throwIfAborted();
    beat();
    const offered = inputs(attacked, question, { from, batch });
    const outputs = await session.run(entry, only(offered, wanted));
    for (const name of names) {
      const room = found[name].subarray(from * sizes[name]);
      const data = outputs[name]?.data ?? [];
      room.set(Float32Array.from(data).subarray(0, room.length));
    }
  }
  return found;
}

/** A batch of pictures from `from` on, blank ones where there are no more. */
function inputs(
  { task, seed }: Attacked,
  { pictures: { x, labels }, target = new Float32Array(), key }: Question<string>,
  { from, batch }: { readonly from: number; readonly batch: number },
): Tensors {
  const { height, width, channels, classes } = task;
  const filled = (all: Float32Array, each: number): Float32Array => {
    const part = all.subarray(from * each, (from + batch) * each);
    if (part.length === batch * each) return part;
    const whole = new Float32Array(batch * each);
    whole.set(part);
    return whole;
  };
  const float32 = (shape: readonly number[], data: Float32Array) =>
    ({ dtype: 'float32', shape: [batch, ...shape], data }) as const;
  const shown = new Int32Array(batch);
  shown.set(labels.subarray(from, from + batch));
  key.calls += 1;
  return {
    pictures: float32([height, width, channels], filled(x, height * width * channels)),
    target: float32([classes], filled(target, classes)),
    labels: { dtype: 'int32', shape: [batch], data: shown },
    key: { dtype: 'int32', shape: [2], data: Int32Array.of(seed | 0, key.calls) },
  };
}
