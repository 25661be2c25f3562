// The compiled loops do what their laws say in words: on pictures of any size, with whatever lay in their memory before.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pixelsModule } from '../../../../scripts/write-pixels.ts';
import { type JitterSteps, jitter } from '../../../../trainer/data/color-jitter.ts';
import { type Cut, type Rgb, resize } from '../../../../trainer/data/pixels/index.ts';
import { Random } from '../../../../trainer/random.ts';
import { jitterInWords } from './jitter-in-words.ts';

test('generated/wasm.ts is what the sources compile to (node scripts/write-pixels.ts)', async () => {
  const path = '../../../../trainer/data/pixels/generated/wasm.ts';
  expect(readFileSync(new URL(path, import.meta.url), 'utf8')).toBe(await pixelsModule());
}, 60_000);

const bytesFrom = (seed: number, length: number): Uint8Array => {
  const random = Random.fromSeed(seed);
  return Uint8Array.from({ length }, () => random.int(256));
};

const steps: fc.Arbitrary<JitterSteps> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('brightness', 'contrast', 'saturation'),
      by: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('hue' as const),
      by: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    }),
  ),
  { minLength: 1, maxLength: 4 },
);

test('jitter changes every pixel as in words', () => {
  fc.assert(
    fc.property(steps, fc.nat(1000), fc.integer({ min: 1, max: 70 }), (chain, seed, pixels) => {
      const [ours, theirs] = [bytesFrom(seed, 3 * pixels), bytesFrom(seed, 3 * pixels)];
      jitter(ours, chain);
      jitterInWords(theirs, chain);
      expect(ours).toEqual(theirs);
    }),
  );
});

test('the hue of every colour turns as in words', () => {
  const values = [0, 1, 2, 3, 37, 64, 100, 127, 128, 129, 180, 200, 253, 254, 255];
  const colours = values.flatMap((r) => values.flatMap((g) => values.flatMap((b) => [r, g, b])));
  for (const by of [-0.5, -0.21, 0, 0.004, 0.33]) {
    const [ours, theirs] = [Uint8Array.from(colours), Uint8Array.from(colours)];
    jitter(ours, [{ kind: 'hue', by }]);
    jitterInWords(theirs, [{ kind: 'hue', by }]);
    expect(ours).toEqual(theirs);
  }
});

const side = fc.integer({ min: 1, max: 60 });
const pictures: fc.Arbitrary<Rgb> = fc
  .record({ width: side, height: side, seed: fc.nat(1000) })
  .map(({ width, height, seed }) => ({
    width,
    height,
    pixels: bytesFrom(seed, 3 * width * height),
  }));

/** A part of a picture of that size. */
const partOf = (size: { width: number; height: number }) =>
  fc
    .record({ x: fc.nat(size.width - 1), y: fc.nat(size.height - 1), w: fc.nat(), h: fc.nat() })
    .map(({ x, y, w, h }) => ({
      left: x,
      top: y,
      width: 1 + (w % (size.width - x)),
      height: 1 + (h % (size.height - y)),
    }));

const cuts = pictures.chain((picture) =>
  fc.record({ width: side, height: side }).chain((resized) =>
    fc.record({
      picture: fc.constant(picture),
      cut: fc.record(
        { before: partOf(picture), resized: fc.constant(resized), after: partOf(resized) },
        { requiredKeys: ['resized'] },
      ) as fc.Arbitrary<Cut>,
    }),
  ),
);

type Part = NonNullable<Cut['after']>;

const croppedTo = ({ width, pixels }: Rgb, { left, top, width: w, height: h }: Part): Rgb => ({
  width: w,
  height: h,
  pixels: Uint8Array.from({ length: 3 * w * h }, (_, i) => {
    const [row, byte] = [Math.floor(i / (3 * w)), i % (3 * w)];
    return pixels[3 * ((top + row) * width + left) + byte]!;
  }),
});

test('a cut is the part cut out, resized whole, and cut again', () => {
  fc.assert(
    fc.property(cuts, ({ picture, cut }) => {
      const ours = resize(picture, cut).slice();
      const before = cut.before ? croppedTo(picture, cut.before) : picture;
      const whole = { ...cut.resized, pixels: resize(before, { resized: cut.resized }).slice() };
      expect(ours).toEqual(cut.after ? croppedTo(whole, cut.after).pixels : whole.pixels);
    }),
  );
});

/** Of one line: each new pixel the mean of the old ones under a triangle of twice its width, two old pixels at least. */
function lineInWords(line: readonly number[], length: number): number[] {
  const scale = line.length / length;
  const reach = Math.max(1, scale);
  return Array.from({ length }, (_, i) => {
    const weights = line.map((_, k) =>
      Math.max(0, 1 - Math.abs(k + 0.5 - (i + 0.5) * scale) / reach),
    );
    const total = weights.reduce((a, b) => a + b);
    return line.reduce((sum, value, k) => sum + (value * weights[k]!) / total, 0);
  });
}

test('a picture is resized across and down as in words, within rounding', () => {
  fc.assert(
    fc.property(pictures, side, side, (picture, width, height) => {
      const { pixels } = picture;
      const ours = resize(picture, { resized: { width, height } });
      for (const channel of [0, 1, 2]) {
        const rows = Array.from({ length: picture.height }, (_, y) =>
          lineInWords(
            Array.from(
              { length: picture.width },
              (_, x) => pixels[3 * (y * picture.width + x) + channel]!,
            ),
            width,
          ),
        );
        for (let x = 0; x < width; x++) {
          const column = lineInWords(
            rows.map((row) => row[x]!),
            height,
          );
          for (const [y, value] of column.entries())
            expect(Math.abs(ours[3 * (y * width + x) + channel]! - value)).toBeLessThan(1.01);
        }
      }
    }),
    { numRuns: 30 },
  );
});
