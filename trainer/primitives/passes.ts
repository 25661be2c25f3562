// Further passes through the network, for layers that learn by comparing them with the first: who asks for one, what stood at its
// layers, and what is learned once all are written. A program in which nobody asks has none.
import type { Pass, PassContext, Seen } from '../learning-rules/index.ts';
import { randomUniform, type Shape, slice, type Value } from '../program/index.ts';
import type { Passes, Place, Signal } from './layer.ts';

export const noPasses = (): Passes => ({
  wanted: new Map(),
  seen: new Map(),
  others: new Map(),
  shown: new Map(),
  lessons: [],
});

/** 0, 1, 2, ... */
export function counter(): () => number {
  let next = 0;
  return () => next++;
}

/** Asks for a pass: `learn` is called on the way back with what stood at this layer in it. */
export function learnByPass(
  { g, passes }: Place,
  { pass, seen }: { readonly pass: Pass; readonly seen: Seen },
  learn: (again: Seen) => void,
): void {
  const { path } = g;
  passes.wanted.set(pass.name, pass);
  passes.seen.set(path, seen);
  passes.lessons.push(() => {
    const again = passes.others.get(pass.name)?.get(path);
    g.within(path, () => learn(again ?? g.refuse(`the pass ${pass.name} is not written`)));
  });
}

/**
 * Writes the passes that the layers of `network` asked for when it was written: the same variables and random draws; what it keeps
 * (running statistics, local weights) is the first pass's alone. x [N,H,W,C] are its pictures, error [N,K] each picture's own.
 */
export function writePasses(
  at: Place,
  from: Pick<PassContext, 'x' | 'error'>,
  network: (at: Place, pictures: Signal) => unknown,
): void {
  const { g, passes } = at;
  for (const pass of passes.wanted.values()) {
    const value = g.within(pass.name, () => pass.pictures({ ...from, ...ownOf(at, pass) }));
    const again = { ...at, updates: [], nextStream: counter(), passes: noPasses() };
    passes.shown.set(pass.name, value);
    network(again, { value, needsGradient: false });
    passes.others.set(pass.name, again.passes.seen);
  }
}

function ownOf(at: Place, { name }: Pass): Omit<PassContext, 'x' | 'error'> {
  const { g } = at;
  return {
    g,
    fixed: (shape, initializer): Value => {
      const variable = { name: 'F', shape, initializer, role: 'feedback' } as const;
      const B = g.read(at.variables.declare(g, variable));
      at.feedback.set(name, { B, rule: name });
      return B;
    },
    uniform: (shape) => drawsOfPictures(at, shape),
  };
}

/** In [0, 1) [N,...], by the pictures' places in the whole batch: the same however many workers have parts of it. */
export function drawsOfPictures(
  { g, key, worker: { rank, world }, nextStream }: Place,
  shape: Shape,
): Value {
  const [n = 0, ...each] = shape;
  const all = randomUniform(g, key, { shape: [n * world, ...each], stream: nextStream() });
  return world === 1 ? all : slice(g, all, [rank * n, ...each.map(() => 0)], shape);
}

/** Layers learn what they asked passes for: the last part of the way back, where it is not to be exact. */
export function giveLessons({ passes, backwards }: Place): void {
  if (!backwards.exact) for (const lesson of passes.lessons) lesson();
}
