// Auto-PGD on cross-entropy: projected gradient ascent with momentum, whose step halves for a picture when it no longer pays,
// and which then goes on from the best point found. Only pictures that the network still tells right are attacked.
import type { Random } from '../random.ts';
import { losses, predictions, toldRight } from './answers.ts';
import { type Attack, type AttackedModel, type Pictures, picked } from './attack.ts';
import { type Ball, climb, lengthOf, project, randomDirection } from './ball.ts';

/** Share of steps that must raise the loss between two checkpoints. */
const RHO = 0.75;
/** Weight of the new step beside the one before. */
const MOMENTUM = 0.75;

export const attack: Attack = {
  name: 'apgd',
  source: 'Croce & Hein 2020 (2003.01690), algorithm 1',
  asks: 'slopes',
  budget: ({ steps = 100 }) => steps,
  async perturb(model, pictures, { norm, bound, budget, random }) {
    const { x, labels } = pictures;
    const ball = { norm, bound, size: x.length / labels.length };
    const right = toldRight(await model.answer(pictures), labels);
    const moved = x.slice();
    if (right.length === 0) return moved;
    const chosen = picked(pictures, right);
    const start = chosen.x.slice();
    for (let from = 0; from < start.length; from += ball.size)
      scatter(start.subarray(from, from + ball.size), ball, random);
    const found = await ascend(model, chosen, {
      ball,
      start: project(start, chosen.x, ball),
      budget,
    });
    for (const [from, to] of right.entries())
      moved.set(found.subarray(from * ball.size, (from + 1) * ball.size), to * ball.size);
    return moved;
  },
};

/** A random direction, as long as the bound allows. */
function scatter(picture: Float32Array, { norm, bound, size }: Ball, random: Random): void {
  const direction = randomDirection(norm, size, random);
  const length =
    norm === 'l2'
      ? lengthOf(direction, 0, direction.length)
      : direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of direction.entries())
    picture[i] = (picture[i] ?? 0) + (bound * value) / length;
}

/** Where each picture stands, and what was found there. */
interface Visit {
  readonly loss: Float32Array;
  readonly point: Float32Array;
  readonly gradient: Float32Array;
}

interface Ascent {
  readonly ball: Ball;
  readonly start: Float32Array;
  readonly budget: number;
}

/** Of each picture the last point met that is told wrong, or else the one of the largest loss. */
async function ascend(
  model: AttackedModel,
  { x, labels }: Pictures,
  { ball, start, budget }: Ascent,
): Promise<Float32Array> {
  const fooling = start.slice();
  const fooled = new Set<number>();
  const look = async (point: Float32Array): Promise<Visit> => {
    const { logits, gradient } = await model.slope({ x: point, labels });
    const told = predictions(logits, model.classes);
    for (const [i, label] of labels.entries()) {
      if (told[i] === label) continue;
      fooled.add(i);
      copyPicture(fooling, point, i, ball.size);
    }
    return { loss: losses(logits, labels), point, gradient };
  };
  let here = await look(start);
  let before = start;
  const best = { loss: here.loss.slice(), point: start.slice(), gradient: here.gradient.slice() };
  const watch = checkpoints(budget, best.loss);
  const rate = new Float32Array(labels.length).fill(2 * ball.bound);
  for (let step = 0; step < budget; step++) {
    const weight = step === 0 ? 1 : MOMENTUM;
    const next = advance(here, { x, before, ball, rate, weight });
    before = here.point;
    const earlier = here.loss;
    here = await look(next);
    watch.saw(earlier, here.loss);
    keepBest(best, here, ball.size);
    for (const i of watch.stalled(best.loss)) {
      rate[i] = (rate[i] ?? 0) / 2;
      copyPicture(here.point, best.point, i, ball.size);
      copyPicture(here.gradient, best.gradient, i, ball.size);
    }
  }
  for (const i of labels.keys()) if (!fooled.has(i)) copyPicture(fooling, best.point, i, ball.size);
  return fooling;
}

interface Advance {
  readonly x: Float32Array;
  readonly before: Float32Array;
  readonly ball: Ball;
  readonly rate: Float32Array;
  readonly weight: number;
}

/** z = P(x_k + rate s(g)), x_k+1 = P(x_k + a (z - x_k) + (1 - a)(x_k - x_k-1)). */
function advance(here: Visit, { x, before, ball, rate, weight }: Advance): Float32Array {
  const { point, gradient } = here;
  const z = project(climb(point, gradient, ball, rate), x, ball);
  const moved = point.map((value, i) => {
    const [ahead = 0, behind = 0] = [z[i], before[i]];
    return value + weight * (ahead - value) + (1 - weight) * (value - behind);
  });
  return project(moved, x, ball);
}

function keepBest(best: Visit, { loss, point, gradient }: Visit, size: number): void {
  for (const [i, value] of loss.entries()) {
    if (value <= (best.loss[i] ?? 0)) continue;
    best.loss[i] = value;
    copyPicture(best.point, point, i, size);
    copyPicture(best.gradient, gradient, i, size);
  }
}

const copyPicture = (to: Float32Array, from: Float32Array, i: number, size: number): void =>
  to.set(from.subarray(i * size, (i + 1) * size), i * size);

/** When steps are judged (0.22 of the budget, then ever closer, 0.06 at the least), and which pictures have stalled. */
function checkpoints(budget: number, start: Float32Array) {
  const part = (share: number): number => Math.max(Math.trunc(share * budget), 1);
  let period = part(0.22);
  let since = 0;
  const rises = new Uint32Array(start.length);
  const reduced = new Uint8Array(start.length).fill(1);
  let bestThen = start.slice();
  return {
    saw(before: Float32Array, after: Float32Array): void {
      since += 1;
      for (const [i, value] of after.entries())
        if (value > (before[i] ?? 0)) rises[i] = (rises[i] ?? 0) + 1;
    },
    stalled(best: Float32Array): number[] {
      if (since < period) return [];
      const stalled = [...best.keys()].filter((i) => {
        const idle = reduced[i] === 0 && (bestThen[i] ?? 0) >= (best[i] ?? 0);
        return (rises[i] ?? 0) <= RHO * period || idle;
      });
      reduced.fill(0);
      for (const i of stalled) reduced[i] = 1;
      bestThen = best.slice();
      rises.fill(0);
      since = 0;
      period = Math.max(period - part(0.03), part(0.06));
      return stalled;
    },
  };
}
