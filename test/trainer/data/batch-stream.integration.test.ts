// What every batch stream promises, told once and checked for each; then what the thread adds: it works ahead, within
// bounds, and ends in good order.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  type Batch,
  type BatchStream,
  createInThreadStream,
  createPrefetchStream,
  type EpochPlan,
  evaluationEpoch,
  PrefetchError,
  trainingEpoch,
} from '../../../trainer/data/index.ts';
import { makePictures } from './picture-sets.ts';

const set = makePictures({ count: 101, height: 8, width: 8 });
const augmentation = { crop: 2, flip: true, cutout: 4 };
const training = { batchSize: 8, seed: 3, epoch: 2, augmentation };

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe.each<[string, () => BatchStream]>([
  ['in the caller’s thread', createInThreadStream],
  ['prefetching', () => createPrefetchStream()],
  ['prefetching one at a time', () => createPrefetchStream({ depth: 1 })],
])('a stream %s', (_, create) => {
  let stream: BatchStream;
  beforeEach(() => {
    stream = create();
  });
  afterEach(() => stream.close());

  test.each<[string, EpochPlan]>([
    ['training', trainingEpoch(set, undefined, training)],
    ['training on some', trainingEpoch(set, Int32Array.from([5, 50, 100, 7]), training)],
    ['training from batch 9 on', trainingEpoch(set, undefined, { ...training, firstBatch: 9 })],
    ['training past the end', trainingEpoch(set, undefined, { ...training, firstBatch: 99 })],
    ['evaluation', evaluationEpoch(set, undefined, { batchSize: 16 })],
  ])('%s: yields exactly the plan’s batches', async (_name, plan) => {
    expect(await collect(stream.batches(plan))).toEqual(await collect(prepareBatches(plan)));
  });

  test('two iterations at once do not disturb each other', async () => {
    const train = trainingEpoch(set, undefined, training);
    const evaluate = evaluationEpoch(set, undefined, { batchSize: 5 });
    const both = [collect(stream.batches(train)), collect(stream.batches(evaluate))];
    expect(await Promise.all(both)).toEqual([
      await collect(prepareBatches(train)),
      await collect(prepareBatches(evaluate)),
    ]);
  });

  test('the set is untouched and batches are the receiver’s own', async () => {
    const before = set.pictures.slice();
    for await (const batch of stream.batches(trainingEpoch(set, undefined, training))) {
      batch.pictures.fill(0);
    }
    expect(set.pictures).toEqual(before);
  });

  test('leaving the loop early leaves the stream usable', async () => {
    for await (const batch of stream.batches(trainingEpoch(set, undefined, training))) {
      if (batch.index === 1) break;
    }
    const plan = trainingEpoch(set, undefined, { ...training, epoch: 3 });
    expect(await collect(stream.batches(plan))).toEqual(await collect(prepareBatches(plan)));
  });

  test('an abort ends the iteration with the signal’s reason', async () => {
    const abort = new AbortController();
    const reason = new Error('the trial was stopped');
    const iterating = async () => {
      for await (const batch of stream.batches(
        trainingEpoch(set, undefined, training),
        abort.signal,
      )) {
        if (batch.index === 2) abort.abort(reason);
        expect(batch.index).toBeLessThan(3);
      }
    };
    await expect(iterating()).rejects.toBe(reason);
  });

  test('a plan that cannot be is refused', async () => {
    const plan = trainingEpoch(set, Int32Array.from([101]), training);
    await expect(collect(stream.batches(plan))).rejects.toThrow(/from 0 to 100, got 101/);
  });
});

describe('the preparing thread', () => {
  test('a set in plain memory gives the same batches', async () => {
    const plain = { ...set, pictures: set.pictures.slice(), labels: set.labels.slice() };
    const unshared = { ...plain, pictures: new Uint8Array([...plain.pictures]) };
    const stream = createPrefetchStream();
    const plan = trainingEpoch(unshared, undefined, training);
    expect(await collect(stream.batches(plan))).toEqual(await collect(prepareBatches(plan)));
    await stream.close();
  });

  test.each([
    ['its depth', { depth: 3 }, 3],
    ['its bytes', { depth: 9, bytes: 2 }, 2],
    ['a batch, however large', { bytes: 0 }, 1],
  ])('reads the shared pictures, and no further ahead than %s', async (_, options, ahead) => {
    const count = 40;
    const counted = makePictures({ count, height: 1, width: 1, channels: 1 });
    const stream = createPrefetchStream(options);
    const plan = evaluationEpoch(counted, undefined, { batchSize: 1 });
    const batches = stream.batches(plan)[Symbol.asyncIterator]();
    await batches.next();
    await wait(200);
    // What the thread has prepared by now shows the old pixels, all later batches the new ones.
    counted.pictures.fill(0);
    let preparedAhead = 0;
    for (let taken = 1; taken < count; taken++) {
      const { value } = (await batches.next()) as IteratorResult<Batch, undefined>;
      if (value?.pictures[0] !== 0) preparedAhead += 1;
    }
    expect(await batches.next()).toMatchObject({ done: true });
    expect(preparedAhead).toBe(ahead);
    await stream.close();
  });

  test('an error in the thread arrives with its cause', async () => {
    const stream = createPrefetchStream();
    // More elements than an array can have, on any machine: what merely exceeds the memory, some kernels promise all the same.
    const huge = { ...set, height: 2 ** 26, width: 2 ** 26 };
    const failing = collect(stream.batches(trainingEpoch(huge, undefined, training)));
    await expect(failing).rejects.toMatchObject({
      name: 'PrefetchError',
      cause: { name: 'RangeError' },
    });
    const plan = evaluationEpoch(set, undefined, { batchSize: 16 });
    expect(await collect(stream.batches(plan))).toEqual(await collect(prepareBatches(plan)));
    await stream.close();
  });

  test('closing ends who waits, and refuses who comes later', async () => {
    const stream = createPrefetchStream();
    const plan = trainingEpoch(set, undefined, training);
    const refusal = new PrefetchError('the stream was closed');
    const waiting = expect(collect(stream.batches(plan))).rejects.toThrow(refusal);
    await stream.close();
    await waiting;
    await expect(collect(stream.batches(plan))).rejects.toThrow('the stream was closed');
    await stream.close();
  });

  test('a wait has a deadline', async () => {
    const stream = createPrefetchStream({ patience: 1 });
    const slow = makePictures({ count: 200_000, height: 8, width: 8, channels: 3 });
    const waiting = collect(
      stream.batches(trainingEpoch(slow, undefined, { ...training, batchSize: 200_000 })),
    );
    await expect(waiting).rejects.toThrow(/expected a batch within 0.001 s, got none/);
    await stream.close();
  });
});
