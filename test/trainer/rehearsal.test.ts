import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TrialSpec } from '../../crds/index.ts';
import { REHEARSAL, Rehearsal, type Rehearsed } from '../../trainer/rehearsal.ts';
import type { Batch, OpenedData } from '../../trainer/training/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'bionas-rehearsal-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const batch: Batch = { pictures: new Uint8Array(), labels: new Int32Array() };

test('epochs end after some seconds, evaluations after two batches, and what each takes is noted', async () => {
  let ms = 0;
  const clock = { now: () => ms };
  const pictures = (waitMs: number) =>
    async function* (): AsyncGenerator<Batch> {
      for (;;) {
        ms += waitMs;
        yield batch;
      }
    };
  const data = { stepsPerEpoch: 1e6, training: pictures(20), evaluation: pictures(0) };
  const rehearsal = new Rehearsal(1, clock);
  const open = rehearsal.shorten(async () => ({ data }) as unknown as OpenedData);
  const { data: short } = await open({} as TrialSpec);
  const pass = async (batches: AsyncIterable<Batch>, each: (k: number) => number) => {
    let taken = 0;
    for await (const _ of batches) ms += each(taken++);
    return taken;
  };
  ms += 3000; // It starts.
  expect(await pass(short.training(0, 0), (k) => (k === 0 ? 2000 : 80))).toBe(3);
  ms += 500; // It looks at its gradients.
  expect(await pass(short.evaluation(), () => 300)).toBe(2);
  ms += 100; // It writes a checkpoint.
  expect(await pass(short.training(1, 0), () => 80)).toBe(10);
  expect(await pass(short.evaluation(), () => 300)).toBe(2);
  await rehearsal.write(directory, 123);
  const rehearsed: Rehearsed = JSON.parse(readFileSync(join(directory, REHEARSAL), 'utf8'));
  expect(rehearsed).toEqual({
    stepSeconds: 0.1,
    idleShare: 0.2,
    evaluationSeconds: 0.3,
    epochSeconds: 0.6,
    steps: 13,
    evaluationBatches: 4,
    peakBytes: 123,
  });
});

test('a trial of one epoch is no rehearsal', async () => {
  await expect(new Rehearsal(1, { now: () => 0 }).write(directory, 0)).rejects.toThrow(
    'expected a trial of 2 epochs, got 0',
  );
});
