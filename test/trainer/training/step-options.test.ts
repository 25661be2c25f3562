// What a recipe may ask of each layer: single numbers of gradients clipped, weights held at the norm they began with. And that a
// recipe that asks for neither has the program of one that cannot. On the reference executor.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensors } from '../../../trainer/executors/index.ts';
import { norm, numbers, plainSgd, takeSteps, writeStep } from '../../builders/step.ts';
import type { Recipe } from '../../builders/training.ts';

const step = async (count: number, ...written: Parameters<typeof writeStep>) =>
  takeSteps(await writeStep(...written), { count });

const isWeight = (name: string) => name.endsWith('/weight');
const free = { gradientClip: 0 };
const held = { ...free, constrainWeights: true };

function expectClose(got: readonly number[], expected: readonly number[], name: string): void {
  expect(got).toHaveLength(expected.length);
  const apart = norm(got.map((value, i) => value - (expected[i] ?? Number.NaN)));
  expect(apart, name).toBeLessThan(1e-12 * Math.max(1, norm(expected)));
}

describe('weights held at the norm they began with', () => {
  const OPTIMIZERS: Readonly<Record<string, NonNullable<Recipe['optimizer']>>> = {
    'plain SGD': { ...plainSgd, weightDecay: 0.01 },
    momentum: { ...plainSgd, momentum: 0.9 },
    'Nesterov momentum': { ...plainSgd, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    Adam: { name: 'adam', learningRate: 0.01 },
  };
  const optimizers = Object.entries(OPTIMIZERS);

  test.each(optimizers)('under %s have it after every step', async (_, optimizer) => {
    for (const count of [1, 3]) {
      const { before, after, names } = await step(count, { optimizer, regularisation: held });
      const weights = names.filter(isWeight);
      expect(weights.length).toBeGreaterThan(5);
      for (const name of weights) {
        expect(numbers(after, name)).not.toEqual(numbers(before, name));
        expect(norm(numbers(after, name))).toBeCloseTo(norm(numbers(before, name)), 12);
      }
    }
  });

  test.each(optimizers)('under %s go where the optimizer led', async (_, optimizer) => {
    const plain = await step(1, { optimizer, regularisation: free });
    const { after, before } = await step(1, { optimizer, regularisation: held });
    for (const [name, { data }] of Object.entries(plain.after)) {
      const led = [...data];
      const length = isWeight(name) ? norm(numbers(before, name)) / norm(led) : 1;
      expectClose(
        numbers(after, name),
        led.map((value) => value * length),
        name,
      );
    }
  });

  test('feedback weights that take their steps are scaled alike, all others stay', async () => {
    const genotype =
      'nb201;nor_conv_3x3:KP~0|skip_connect~0,nor_conv_1x1:FA~1|avg_pool_3x3~0,none~1,nor_conv_3x3:frSF~2;rest=KP';
    const plain = await step(1, { regularisation: free }, 'nb201', { genotype });
    const { after } = await step(1, { regularisation: held }, 'nb201', { genotype });
    const factor = (name: string) => norm(numbers(after, name)) / norm(numbers(plain.after, name));
    const kept = Object.keys(after).filter((name) => /\/[BM]$/.test(name));
    const learns = kept.filter((name) => `gradient/${name}` in plain.outputs);
    expect(learns.length).toBeGreaterThan(3);
    expect(learns.length).toBeLessThan(kept.length);
    for (const name of kept) {
      const expected = learns.includes(name) ? factor(name.replace(/\w$/, 'weight')) : 1;
      expect(factor(name), name).toBeCloseTo(expected, 12);
    }
  });

  test('leave alone what learns locally', async () => {
    const network = 'nb201 that learns locally';
    const plain = await step(1, { regularisation: free }, network);
    const { after, outputs, names } = await step(1, { regularisation: held }, network);
    const local = names.filter((name) => isWeight(name) && !(`gradient/${name}` in outputs));
    expect(local.length).toBeGreaterThan(5);
    for (const name of local) expect(numbers(after, name)).toEqual(numbers(plain.after, name));
  });
});

describe('gradients with single numbers clipped', () => {
  const ofLayers = (outputs: Tensors) =>
    Object.keys(outputs).filter((name) => /^gradient\/.*\/(weight|bias|B)$/.test(name));

  test('have none beyond the value, whatever it is', async () => {
    const { outputs } = await step(1, { regularisation: free });
    const most = Math.max(...ofLayers(outputs).flatMap((name) => numbers(outputs, name)));
    const property = fc.asyncProperty(
      fc.double({ min: 1e-4, max: most, noNaN: true }),
      async (value) => {
        const clipped = await step(1, { regularisation: { ...free, gradientClipValue: value } });
        for (const name of ofLayers(outputs))
          for (const each of numbers(clipped.outputs, name))
            expect(Math.abs(each), name).toBeLessThanOrEqual(value);
      },
    );
    await fc.assert(property, { numRuns: 5 });
  });

  test('are what they were under a value that none reaches', async () => {
    const plain = await step(1, { regularisation: free });
    const loose = await step(1, { regularisation: { ...free, gradientClipValue: 1e6 } });
    expect(loose.outputs).toEqual(plain.outputs);
    expect(loose.after).toEqual(plain.after);
  });

  test('are clipped before their norm is', async () => {
    const regularisation = { gradientClip: 0.01, gradientClipValue: 0.001 };
    const { before, after, outputs, names } = await step(1, { regularisation });
    const all = norm(names.flatMap((name) => numbers(outputs, `gradient/${name}`)));
    expect(all).toBeGreaterThan(0.01);
    const moved = names.flatMap((name) =>
      numbers(before, name).map((value, i) => value - (numbers(after, name)[i] ?? Number.NaN)),
    );
    expect(norm(moved) / plainSgd.learningRate).toBeCloseTo((0.01 * all) / (all + 1e-6), 8);
  });
});

describe('a program', () => {
  const looks = { alignment: true, gradientVariance: true };
  const programOf = async (regularisation: NonNullable<Recipe['regularisation']>) =>
    (await writeStep({ ...looks, regularisation }, 'darts')).program;

  test('without either knows nothing of them', async () => {
    const { variables, entries } = await programOf({});
    expect(variables.filter(({ name }) => name.endsWith('firstNorm'))).toEqual([]);
    for (const { operations } of Object.values(entries)) {
      const kinds = operations.map(({ kind }) => kind);
      expect(kinds).not.toContain('maximum');
      expect(kinds.filter((kind) => kind === 'minimum').length).toBeLessThanOrEqual(1);
    }
  });

  test('that holds norms differs in the training step alone, and there behind all else', async () => {
    const [plain, holding] = [await programOf(free), await programOf(held)];
    const { train, ...others } = holding.entries;
    const { train: plainTrain, ...plainOthers } = plain.entries;
    expect(others).toEqual(plainOthers);
    const before = plainTrain?.operations ?? [];
    expect(train?.operations.slice(0, before.length)).toEqual(before);
    expect(train?.operations.length).toBeGreaterThan(before.length);
  });

  test('that clips compares with gradients of backpropagation that nothing clips', async () => {
    const entry = async (gradientClipValue: number) => {
      const written = await writeStep({ ...looks, regularisation: { gradientClipValue } }, 'darts');
      const kinds = written.program.entries['align']?.operations.map(({ kind }) => kind) ?? [];
      return kinds.filter((kind) => kind === 'maximum').length;
    };
    const { program } = await writeStep({ regularisation: { gradientClipValue: 1 } }, 'darts');
    const once = program.entries['train']?.operations.filter(({ kind }) => kind === 'maximum');
    expect(await entry(0)).toBe(0);
    expect(await entry(1)).toBe(once?.length);
  });
});
