// The three changes against hand-made pictures and against a slow, literal restatement of each.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  copyChanged,
  cutHole,
  drawChange,
  type PictureChange,
  type PictureSize,
} from '../../../trainer/data/augmentation.ts';
import { Random } from '../../../trainer/random.ts';

const still: PictureChange = { top: 0, left: 0, mirrored: false, holeRow: 0, holeColumn: 0 };

/** 3 x 3 grey. */
const SMALL: PictureSize = { height: 3, width: 3, channels: 1 };
const small = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);

function changed(data: Uint8Array, size: PictureSize, change: Partial<PictureChange>) {
  const into = new Uint8Array(data.length);
  copyChanged({ data, at: 0 }, { data: into, at: 0 }, size, { ...still, ...change });
  return into;
}

function holed(change: Partial<PictureChange>, side: number, size: PictureSize) {
  const data = new Uint8Array(size.height * size.width).fill(1);
  cutHole({ data, at: 0 }, size, { ...still, ...change }, side);
  return data;
}

describe('crop and flip', () => {
  test.each<[string, Partial<PictureChange>, number[]]>([
    ['nothing', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['down by one', { top: 1 }, [4, 5, 6, 7, 8, 9, 0, 0, 0]],
    ['up and left by one', { top: -1, left: -1 }, [0, 0, 0, 0, 1, 2, 0, 4, 5]],
    ['mirrored', { mirrored: true }, [3, 2, 1, 6, 5, 4, 9, 8, 7]],
    ['right by two, then mirrored', { left: 2, mirrored: true }, [0, 0, 3, 0, 0, 6, 0, 0, 9]],
    ['out of the picture', { top: 5, left: -7 }, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('%s', (_, change, want) => {
    expect([...changed(small, SMALL, change)]).toEqual(want);
  });

  test('equals padding with zeros, cutting a window out, and mirroring it', () => {
    const sizes = fc.record({
      height: fc.integer({ min: 1, max: 7 }),
      width: fc.integer({ min: 1, max: 7 }),
      channels: fc.integer({ min: 1, max: 3 }),
    });
    const changes = fc.record({
      top: fc.integer({ min: -8, max: 8 }),
      left: fc.integer({ min: -8, max: 8 }),
      mirrored: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, changes, (size, change) => {
        const { height, width, channels } = size;
        const data = new Uint8Array(height * width * channels).map((_, i) => i + 1);
        const padded = (row: number, column: number, c: number) =>
          row < 0 || row >= height || column < 0 || column >= width
            ? 0
            : data[(row * width + column) * channels + c]!;
        const want = Array.from(data, (_, i) => {
          const [row, column, c] = [
            Math.floor(i / channels / width),
            Math.floor(i / channels) % width,
            i % channels,
          ];
          const from = change.mirrored ? width - 1 - column : column;
          return padded(row + change.top, from + change.left, c);
        });
        expect([...changed(data, size, change)]).toEqual(want);
      }),
    );
  });
});

describe('cutout', () => {
  const FIVE: PictureSize = { height: 5, width: 5, channels: 3 };
  const zeros = (mask: Uint8Array) => [...mask].flatMap((keep, i) => (keep === 0 ? [i] : []));

  test.each<[string, number, [number, number], number[]]>([
    ['an even side reaches further up and left', 2, [2, 2], [6, 7, 11, 12]],
    ['an odd side is centred', 3, [2, 2], [6, 7, 8, 11, 12, 13, 16, 17, 18]],
    ['a hole at the top left corner is clipped', 4, [0, 0], [0, 1, 5, 6]],
    ['a hole at the bottom right corner is clipped', 2, [4, 4], [18, 19, 23, 24]],
  ])('%s', (_, side, [holeRow, holeColumn], want) => {
    expect(zeros(holed({ holeRow, holeColumn }, side, FIVE))).toEqual(want);
  });
});

describe('drawing', () => {
  const options = { crop: 4, flip: true, cutout: 16 };
  const size = { height: 32, width: 32, channels: 3 };

  test('reaches both ends of every range and keeps inside them', () => {
    const random = Random.fromSeed(3);
    const changes = Array.from({ length: 3000 }, () => drawChange(random, size, options));
    const range = (pick: (change: PictureChange) => number) => {
      const values = changes.map(pick);
      return [Math.min(...values), Math.max(...values)];
    };
    expect(range((c) => c.top)).toEqual([-4, 4]);
    expect(range((c) => c.left)).toEqual([-4, 4]);
    expect(range((c) => c.holeRow)).toEqual([0, 31]);
    expect(range((c) => c.holeColumn)).toEqual([0, 31]);
    const mirrored = changes.filter((c) => c.mirrored).length / changes.length;
    expect(mirrored).toBeGreaterThan(0.46);
    expect(mirrored).toBeLessThan(0.54);
  });

  test('what is off draws nothing and changes nothing', () => {
    const random = Random.fromSeed(3);
    expect(drawChange(random, size, { crop: 0, flip: false, cutout: 0 })).toEqual(still);
    expect(random.state).toEqual(Random.fromSeed(3).state);
  });
});
