// Which part of a picture is taken: within it, of the size and shape that the law allows, and in evaluation the middle.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluationPart, randomPart } from '../../../trainer/data/picture-part.ts';
import { Random } from '../../../trainer/random.ts';

const side = fc.integer({ min: 1, max: 3000 });

describe('a random part', () => {
  test('lies in the picture', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        side,
        side,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (seed, width, height, least) => {
          const part = randomPart(Random.fromSeed(seed), { width, height }, least);
          expect(part.left).toBeGreaterThanOrEqual(0);
          expect(part.top).toBeGreaterThanOrEqual(0);
          expect(Math.min(part.width, part.height)).toBeGreaterThanOrEqual(1);
          expect(part.left + part.width).toBeLessThanOrEqual(width);
          expect(part.top + part.height).toBeLessThanOrEqual(height);
        },
      ),
    );
  });

  test('has its area and shape drawn evenly', () => {
    const random = Random.fromSeed(1);
    const parts = Array.from({ length: 4000 }, () =>
      randomPart(random, { width: 2000, height: 2000 }, 0.08),
    );
    const areas = parts.map(({ width, height }) => (width * height) / 4e6);
    const ratios = parts.map(({ width, height }) => Math.log(width / height));
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(Math.min(...areas)).toBeGreaterThan(0.079);
    // Parts that would not fit are drawn anew, so that a few large ones are missing.
    expect(mean(areas)).toBeGreaterThan(0.45);
    expect(mean(areas)).toBeLessThan(0.54);
    expect(Math.abs(mean(ratios))).toBeLessThan(0.01);
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThanOrEqual(Math.log(4 / 3) + 0.01);
    expect(mean(ratios.map((ratio) => ratio ** 2))).toBeCloseTo(Math.log(4 / 3) ** 2 / 3, 2);
  });

  test('of a picture so narrow that none fits is its middle, as wide as the law allows', () => {
    const part = randomPart(Random.fromSeed(1), { width: 1000, height: 30 }, 0.9);
    expect(part).toEqual({ left: 480, top: 0, width: 40, height: 30 });
    const tall = randomPart(Random.fromSeed(1), { width: 30, height: 1000 }, 0.9);
    expect(tall).toEqual({ left: 0, top: 480, width: 30, height: 40 });
  });
});

describe('the part for evaluation', () => {
  // What torchvision's Resize(256) and CenterCrop(224) do.
  test.each([
    { picture: [500, 375], to: [341, 256], at: [58, 16] },
    { picture: [375, 500], to: [256, 341], at: [16, 58] },
    { picture: [256, 256], to: [256, 256], at: [16, 16] },
    { picture: [343, 256], to: [343, 256], at: [60, 16] },
    { picture: [100, 50], to: [512, 256], at: [144, 16] },
  ])('of $picture', ({ picture: [width = 0, height = 0], to, at }) => {
    const { resized, part } = evaluationPart({ width, height }, { width: 224, height: 224 });
    expect([resized.width, resized.height]).toEqual(to);
    expect(part).toEqual({ left: at[0], top: at[1], width: 224, height: 224 });
  });

  test('lies in the picture', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const { resized, part } = evaluationPart({ width, height }, { width: 224, height: 224 });
        expect(Math.min(resized.width, resized.height)).toBe(256);
        expect(Math.min(part.left, part.top)).toBeGreaterThanOrEqual(0);
        expect(part.left + 224).toBeLessThanOrEqual(resized.width);
        expect(part.top + 224).toBeLessThanOrEqual(resized.height);
      }),
    );
  });
});
