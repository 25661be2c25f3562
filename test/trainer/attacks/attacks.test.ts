// What every attack must do, and what each one reaches on a network whose weakest direction is known.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ATTACKS, type AttackName } from '../../../crds/index.ts';
import { losses, predictions, softmax } from '../../../trainer/attacks/answers.ts';
import { ATTACK_TABLE, type Pictures } from '../../../trainer/attacks/index.ts';
import { Random } from '../../../trainer/random.ts';
import {
  type LinearModel,
  type LinearShape,
  makeLinearModel,
} from '../../builders/linear-model.ts';

/** Of one-pixel, by its paper's settings in torchattacks. */
const POPULATION = 150;

/** Pictures in the middle of [0, 1], so that only the bound holds an attack back; labels as the model tells them. */
async function makePictures(model: LinearModel, count: number): Promise<Pictures> {
  const random = Random.fromSeed(7);
  const size = model.height * model.width * model.channels;
  const x = Float32Array.from({ length: count * size }, () => 0.4 + 0.2 * random.uniform());
  const told = predictions(await model.answer({ x, labels: new Int32Array(count) }), model.classes);
  model.asked.answers = 0;
  return { x, labels: told };
}

interface Try {
  readonly norm?: 'linf' | 'l2';
  readonly bound?: number;
  readonly budget?: number;
  readonly count?: number;
  readonly shape?: LinearShape;
}

/** The same attack on the same model and pictures, whenever it is called. */
async function attack(name: AttackName, options: Try = {}) {
  const { norm = 'linf', bound = name === 'one-pixel' ? 2 : 0.05, count = 5, shape } = options;
  const { budget = name === 'one-pixel' ? 3 * POPULATION : 40 } = options;
  const model = makeLinearModel(shape);
  const pictures = await makePictures(model, count);
  const strength = { norm, bound, budget, random: Random.fromSeed(3) };
  const moved = await ATTACK_TABLE[name].perturb(model, pictures, strength);
  const lossOf = async (x: Float32Array) =>
    losses(await model.answer({ x, labels: pictures.labels }), pictures.labels);
  const asked = { ...model.asked };
  const before = await lossOf(pictures.x);
  const after = await lossOf(moved);
  const told = predictions(await model.answer({ ...pictures, x: moved }), model.classes);
  return { model, pictures, moved, before, after, told, asked, bound, norm };
}

function lengths({ moved, pictures, model, norm }: Awaited<ReturnType<typeof attack>>): number[] {
  const size = model.height * model.width * model.channels;
  return Array.from(pictures.labels, (_, i) => {
    const change = Array.from({ length: size }, (_, k) => {
      const at = i * size + k;
      return Math.abs(moved[at]! - pictures.x[at]!);
    });
    return norm === 'l2' ? Math.hypot(...change) : Math.max(...change);
  });
}

/** tpgd moves away from the network's own answer, wherever that leads. */
const LABELLED = ATTACKS.filter((name) => name !== 'tpgd');

const WITH_NORMS = ATTACKS.filter((name) => name !== 'one-pixel').flatMap((name) =>
  (['linf', 'l2'] as const).map((norm) => [name, norm] as const),
);

describe('every attack', () => {
  test.each(ATTACKS)('%s is in the table under its name, with its source', (name) => {
    expect(ATTACK_TABLE[name].name).toBe(name);
    expect(ATTACK_TABLE[name].source).toMatch(/\d{4}/);
  });

  test.each(WITH_NORMS)(
    '%s stays within its bound of %s, and within [0, 1]',
    async (name, norm) => {
      await fc.assert(
        fc.asyncProperty(fc.double({ min: 0.001, max: 3, noNaN: true }), async (bound) => {
          const tried = await attack(name, { norm, bound, budget: 6, count: 2 });
          for (const length of lengths(tried)) expect(length).toBeLessThan(bound + 1e-5);
          expect(Math.min(...tried.moved)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...tried.moved)).toBeLessThanOrEqual(1);
        }),
        { numRuns: 15 },
      );
    },
  );

  test.each(LABELLED)('%s makes the right answer less likely', async (name) => {
    const { before, after } = await attack(name);
    for (const [i, loss] of after.entries()) expect(loss).toBeGreaterThan(before[i]!);
  });

  test.each(ATTACKS)('%s leaves the originals alone, and does the same again', async (name) => {
    const [first, again] = [await attack(name), await attack(name)];
    expect(again.moved).toEqual(first.moved);
    const untouched = await makePictures(makeLinearModel(), 5);
    expect(first.pictures.x).toEqual(untouched.x);
  });

  test.each(ATTACKS)('%s asks no more than its budget, and the first answer', async (name) => {
    const { asked, pictures } = await attack(name);
    const budget = name === 'one-pixel' ? 3 * POPULATION : 40;
    const { length } = pictures.labels;
    expect(asked.answers + asked.slopes).toBeLessThanOrEqual((budget + 2) * length);
    if (ATTACK_TABLE[name].asks === 'answers') expect(asked.slopes).toBe(0);
  });

  test.each(LABELLED)('%s takes grey pictures and two classes', async (name) => {
    const shape = { height: 5, width: 5, channels: 1, classes: 2 };
    const { before, after } = await attack(name, { shape, bound: name === 'one-pixel' ? 1 : 0.1 });
    for (const [i, loss] of after.entries()) expect(loss).toBeGreaterThanOrEqual(before[i]!);
  });
});

// With two classes the gradient has one direction: its sign, or itself, at full length is the best that can be done.
const BEST = { shape: { classes: 2 }, bound: 0.05 };

/** Of each picture: logit of its label less the other one, and how far a bound of 1 can bring it down. */
function marginsOf(model: LinearModel, pictures: Pictures, norm: 'linf' | 'l2') {
  const [w0, w1] = [model.W[0]!, model.W[1]!];
  const apart = w0.map((value, k) => value - w1[k]!);
  const reach =
    norm === 'l2' ? Math.hypot(...apart) : apart.reduce((sum, value) => sum + Math.abs(value), 0);
  const margins = Array.from(pictures.labels, (label, i) => {
    const x = pictures.x.subarray(i * apart.length, (i + 1) * apart.length);
    return apart.reduce((sum, value, k) => sum + value * x[k]!, 0) * (label === 0 ? 1 : -1);
  });
  return { margins, reach };
}

test.each([
  ['fgsm', 'linf'],
  ['fgsm', 'l2'],
  ['pgd', 'linf'],
  ['pgd', 'l2'],
] as const)('%s reaches the worst point of a plane in %s', async (name, norm) => {
  const { model, pictures, after } = await attack(name, { ...BEST, norm });
  const { margins, reach } = marginsOf(model, pictures, norm);
  for (const [i, margin] of margins.entries())
    expect(after[i]).toBeCloseTo(Math.log1p(Math.exp(BEST.bound * reach - margin)), 4);
});

test.each(['linf', 'l2'] as const)(
  'apgd fools whatever can be fooled on a plane in %s',
  async (norm) => {
    const model = makeLinearModel(BEST.shape);
    const { margins, reach } = marginsOf(model, await makePictures(model, 41), norm);
    const median = margins.toSorted((a, b) => a - b)[20]!;
    const { told, pictures } = await attack('apgd', {
      ...BEST,
      norm,
      bound: (1.001 * median) / reach,
      count: 41,
    });
    const fooled = Array.from(told, (each, i) => each !== pictures.labels[i]);
    expect(fooled).toEqual(margins.map((margin) => margin <= median));
  },
);

test('tpgd moves the answer away from what it was, also on a picture that is told wrong', async () => {
  const model = makeLinearModel();
  const { x, labels } = await makePictures(model, 4);
  const before = softmax(await model.answer({ x, labels }), model.classes);
  const divergence = async (bound: number) => {
    const strength = { norm: 'linf' as const, bound, budget: 10, random: Random.fromSeed(1) };
    const wrong = { x, labels: labels.map((label) => (label + 1) % model.classes) };
    const moved = await ATTACK_TABLE.tpgd.perturb(model, wrong, strength);
    const after = softmax(await model.answer({ x: moved, labels }), model.classes);
    return before.reduce((sum, p, k) => sum + p * Math.log(p / after[k]!), 0);
  };
  const [near, far] = [await divergence(0.01), await divergence(0.1)];
  expect(near).toBeGreaterThan(0.001);
  expect(far).toBeGreaterThan(5 * near);
});

test('apgd and square leave pictures alone that are told wrong anyway', async () => {
  const model = makeLinearModel();
  const { x, labels } = await makePictures(model, 3);
  const wrong = { x, labels: labels.map((label) => (label + 1) % model.classes) };
  for (const name of ['apgd', 'square'] as const) {
    const strength = { norm: 'linf' as const, bound: 0.1, budget: 5, random: Random.fromSeed(1) };
    expect(await ATTACK_TABLE[name].perturb(model, wrong, strength)).toEqual(x);
  }
});

test('more queries of square bring the margin further down', async () => {
  const after = async (budget: number) => {
    const { after: loss } = await attack('square', { budget, bound: 0.02, count: 10 });
    return loss.reduce((sum, value) => sum + value, 0);
  };
  const [few, some, many] = [await after(2), await after(20), await after(300)];
  expect(some).toBeGreaterThan(few);
  expect(many).toBeGreaterThan(some);
});

test.each([1, 3])('one-pixel changes %i pixels at the most', async (bound) => {
  const { moved, pictures, model } = await attack('one-pixel', { bound });
  const { channels } = model;
  const size = model.height * model.width;
  for (const i of pictures.labels.keys()) {
    const changed = Array.from(
      { length: size },
      (_, pixel) => (i * size + pixel) * channels,
    ).filter((at) => moved.subarray(at, at + channels).some((v, c) => v !== pictures.x[at + c]));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(bound);
  }
});
