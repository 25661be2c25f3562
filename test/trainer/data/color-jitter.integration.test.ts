// Jitter of colours: each step as PIL and torchvision take it, in every order, the same from the same seed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import { drawJitter, type JitterSteps, jitter } from '../../../trainer/data/color-jitter.ts';
import { type Batch, trainingEpoch } from '../../../trainer/data/index.ts';
import { Random } from '../../../trainer/random.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';
import { directoryWith } from './directories.ts';
import { makePictures } from './picture-sets.ts';

const PAPER = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 };
const OFF = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };

describe('what is drawn', () => {
  const draws = Array.from({ length: 400 }, (_, seed) => drawJitter(Random.fromSeed(seed), PAPER));

  test('stays within bounds and fills them', () => {
    for (const [kind, from, to] of [
      ['brightness', 0.6, 1.4],
      ['contrast', 0.6, 1.4],
      ['saturation', 0.6, 1.4],
      ['hue', -0.2, 0.2],
    ] as const) {
      const values = draws.map((steps) => steps.find((step) => step.kind === kind)!.by);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(from);
      expect(Math.max(...values)).toBeLessThanOrEqual(to);
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.95 * (to - from));
    }
  });

  test('comes in all orders', () => {
    const orders = new Set(draws.map((steps) => steps.map(({ kind }) => kind).join()));
    expect(orders.size).toBe(24);
  });

  test('is nothing where it is off, and a factor is never below 0', () => {
    expect(drawJitter(Random.fromSeed(1), OFF)).toEqual([]);
    for (let seed = 0; seed < 50; seed++) {
      const [step] = drawJitter(Random.fromSeed(seed), { ...OFF, contrast: 1.8 });
      expect(step?.by).toBeGreaterThanOrEqual(0);
    }
  });
});

test('batches with it are the same from the same seed, and for each worker of several', async () => {
  const set = makePictures({ count: 9 });
  const augmentation = { crop: 1, flip: true, cutout: 0, colorJitter: PAPER };
  const batches = async (more: object = {}) => {
    const all: Batch[] = [];
    const plan = { batchSize: 4, seed: 2, epoch: 0, augmentation, ...more };
    for await (const batch of prepareBatches(trainingEpoch(set, undefined, plan))) all.push(batch);
    return all;
  };
  const whole = await batches();
  expect(await batches()).toEqual(whole);
  expect(await batches({ firstBatch: 1 })).toEqual(whole.slice(1));
  expect(await batches({ augmentation: { ...augmentation, colorJitter: OFF } })).not.toEqual(whole);
  const shares = [
    await batches({ share: { rank: 0, world: 2 } }),
    await batches({ share: { rank: 1, world: 2 } }),
  ];
  for (const [k, { pictures }] of whole.entries())
    expect(shares.flatMap((share) => [...share[k]!.pictures])).toEqual([...pictures]);
});

test('pictures in grey are refused', async () => {
  const plan = trainingEpoch(makePictures({ count: 2, channels: 1 }), undefined, {
    ...{ batchSize: 1, seed: 1, epoch: 0 },
    augmentation: { crop: 0, flip: false, cutout: 0, colorJitter: PAPER },
  });
  expect(() => prepareBatches(plan)).toThrow('expected colorJitter of pictures in colour, got');
});

/** As torchvision.transforms.functional has them for PIL's pictures. */
const PIL = `
import sys, json, numpy as np
from PIL import Image, ImageEnhance
pixels, steps, out = sys.argv[1:]
picture = Image.fromarray(np.fromfile(pixels, dtype=np.uint8).reshape(64, 64, 3))
def hue(picture, by):
    h, s, v = picture.convert("HSV").split()
    h = Image.fromarray((np.array(h).astype(np.int32) + int(by * 255)).astype(np.uint8), "L")
    return Image.merge("HSV", (h, s, v)).convert("RGB")
ops = dict(
    brightness=lambda p, by: ImageEnhance.Brightness(p).enhance(by),
    contrast=lambda p, by: ImageEnhance.Contrast(p).enhance(by),
    saturation=lambda p, by: ImageEnhance.Color(p).enhance(by),
    hue=hue,
)
with open(out, "wb") as file:
    for chain in json.loads(steps):
        p = picture
        for step in chain: p = ops[step["kind"]](p, step["by"])
        file.write(np.array(p).tobytes())
`;

test.runIf(hasTorchPython)('pixels are PIL’s', async () => {
  const random = Random.fromSeed(11);
  const pixels = new Uint8Array(64 * 64 * 3).map((_, i) => (i < 300 ? i % 256 : random.int(256)));
  const single = (kind: keyof typeof PAPER, by: number): JitterSteps => [{ kind, by }];
  const chains: JitterSteps[] = [
    ...[0, 0.6, 1, 1.37].flatMap((by) => [
      single('brightness', by),
      single('contrast', by),
      single('saturation', by),
    ]),
    ...[-0.5, -0.2, -0.001, 0, 0.11, 0.2].map((by) => single('hue', by)),
    ...Array.from({ length: 20 }, (_, seed) => drawJitter(Random.fromSeed(seed), PAPER)),
  ];
  const directory = await directoryWith({});
  const [input, output] = [join(directory, 'in'), join(directory, 'out')];
  await writeFile(input, pixels);
  await runTorchPython(['-W', 'ignore', '-c', PIL, input, JSON.stringify(chains), output]);
  const theirs = await readFile(output);
  for (const [i, steps] of chains.entries()) {
    const ours = pixels.slice();
    jitter(ours, steps);
    const off = ours.map((value, k) => Math.abs(value - theirs[i * ours.length + k]!));
    expect(Math.max(...off), JSON.stringify(steps)).toBeLessThanOrEqual(
      steps.length === 1 ? 1 : 12,
    );
    expect(off.reduce((a, b) => a + b) / off.length, JSON.stringify(steps)).toBeLessThan(0.02);
  }
});
