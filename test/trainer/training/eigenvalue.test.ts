// The dominant eigenvalue against known Hessians, and when it has grown too much.
import { describe, expect, test } from 'vitest';
import { Random } from '../../../trainer/random.ts';
import { dominantEigenvalue, hasSharpened } from '../../../trainer/training/supernet/eigenvalue.ts';

const how = (steps: number) => ({ steps, random: Random.fromSeed(3) });

test.each<[string, number[], number]>([
  ['the largest', [3, 1, 0.5, -2], 3],
  ['the largest in size, whatever its sign', [3, 1, 0.5, -7], 7],
  ['that of both where two differ in their signs alone', [3, 1, 0.5, -3], 3],
  ['none where the loss is flat', [0, 0, 0, 0], 0],
])('of a quadratic it is %s', async (_, diagonal, want) => {
  // In a basis that is turned by 30 degrees.
  const [c, s] = [Math.sqrt(3) / 2, 0.5];
  const turn = ([x = 0, y = 0, z = 0, w = 0]: readonly number[], by: number) => [
    c * x - by * s * w,
    y,
    z,
    by * s * x + c * w,
  ];
  const slopesAt = async (alpha: readonly number[]) =>
    turn(
      turn(alpha, -1).map((each, i) => each * diagonal[i]!),
      1,
    );
  expect(await dominantEigenvalue([1, 2, 3, 4], slopesAt, how(60))).toBeCloseTo(want, 8);
});

test('nothing comes of a trainer that is asked to end', async () => {
  expect(await dominantEigenvalue([1, 2], async () => undefined, how(3))).toBeUndefined();
});

describe('a supernet has sharpened where the mean of five epochs', () => {
  const flat = Array(5).fill(0.3);
  test.each<[string, (number | undefined)[], number, boolean]>([
    ['grew by more than a third', [...flat, ...Array(5).fill(0.41)], 0.75, true],
    ['grew by less', [...flat, ...Array(5).fill(0.39)], 0.75, false],
    ['fell', [...flat, ...Array(5).fill(0.1)], 0.75, false],
    ['grew, and nobody asks', [...flat, ...Array(5).fill(9)], 0, false],
    [
      'grew in a single epoch that does not make the mean',
      [...flat, ...flat.with(4, 0.5)],
      0.75,
      false,
    ],
    ['grew before there are ten', [...flat, ...Array(4).fill(9)], 0.75, false],
    ['is of a loss that is flat', Array(10).fill(0), 0.75, false],
    ['is of epochs of which one has none', [...flat, undefined, ...Array(4).fill(9)], 0.75, false],
  ])('%s', (_, eigenvalues, least, want) => {
    expect(hasSharpened(eigenvalues, least)).toBe(want);
  });
});
