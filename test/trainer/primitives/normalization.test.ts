// What batch norm remembers of its batches in training, and answers by in evaluation: as PyTorch's does.
import { expect, test } from 'vitest';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { batchNorm, type Mode, named } from '../../../trainer/primitives/index.ts';
import { openProbe, probeLayer } from '../../builders/probe.ts';

const SHAPE = [2, 3, 4, 2];
const [CHANNELS, PIXELS] = [2, 2 * 3 * 4];

async function openNorm(mode: Mode) {
  const probe = probeLayer(named('norm', batchNorm()), SHAPE, { mode });
  const { session, inputs, values, outputs } = await openProbe(createReferenceExecutor(), probe);
  const before = (name: string, c: number) => values[`norm/${name}`]?.data[c] ?? Number.NaN;
  const channel = (c: number) =>
    Array.from(inputs['x']?.data ?? []).filter((_, i) => i % CHANNELS === c);
  return { session, before, channel, y: Array.from(outputs['y']?.data ?? []) };
}

test('a training step moves the running statistics a tenth of the way to those of its batch', async () => {
  const { session, before, channel } = await openNorm('train');
  const after = await session.read();
  for (const c of [0, 1]) {
    const x = channel(c);
    const mean = x.reduce((sum, each) => sum + each, 0) / PIXELS;
    const variance = x.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (PIXELS - 1);
    const moved = (from: number, to: number) => 0.9 * from + 0.1 * to;
    const [gotMean, gotVariance] = ['runningMean', 'runningVariance'].map(
      (name) => after[`norm/${name}`]?.data[c],
    );
    expect(gotMean).toBeCloseTo(moved(before('runningMean', c), mean), 12);
    expect(gotVariance).toBeCloseTo(moved(before('runningVariance', c), variance), 12);
  }
});

test('an evaluation answers by the running statistics, and moves nothing', async () => {
  const { session, before, channel, y } = await openNorm('evaluate');
  for (const c of [0, 1]) {
    const deviation = Math.sqrt(before('runningVariance', c) + 1e-5);
    const expected = channel(c).map(
      (x) => ((x - before('runningMean', c)) / deviation) * before('gamma', c) + before('beta', c),
    );
    const got = y.filter((_, i) => i % CHANNELS === c);
    got.forEach((each, i) => void expect(each).toBeCloseTo(expected[i] ?? Number.NaN, 12));
    expect((await session.read())['norm/runningMean']?.data[c]).toBe(before('runningMean', c));
  }
});
