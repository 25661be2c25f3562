// One trial trained by several real trainers, each a process: what one trainer finds, and an end in time when a worker is lost.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EpochMetrics } from '../../crds/index.ts';
import { freePorts } from '../../operator/adapters/local/index.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makeRealTrial, makeWorkdir, TrainerProcess } from './trainer-process.ts';

const canTrain = tensorFlow !== undefined && realPictures !== undefined;
const dataset = { ...realPictures, trainPictures: 512, validationPictures: 90 };
const [DONE, BAD_INPUT, INTERRUPTED, PEER_LOST] = [0, 64, 75, 76];

/** So many trainers of one trial, by rank. */
async function team(
  trial: string,
  directory: string,
  { world, attempt = 0, patience = 60 }: { world: number; attempt?: number; patience?: number },
): Promise<TrainerProcess[]> {
  if (world === 1) return [new TrainerProcess(trial, directory, attempt)];
  const ports = await freePorts(world);
  const addresses = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return ports.map((_, rank) => {
    const env = {
      BIONAS_PEERS: addresses,
      BIONAS_RANK: `${rank}`,
      BIONAS_PEER_SECONDS: `${patience}`,
    };
    const own = rank === 0 ? directory : join(directory, `worker-${rank}`);
    return new TrainerProcess(trial, own, attempt, env);
  });
}

const ends = (workers: readonly TrainerProcess[]) =>
  Promise.all(workers.map(({ exited }) => exited));

const epochsOf = ({ reports }: TrainerProcess): readonly EpochMetrics[] =>
  reports.flatMap(({ body }) => (body.kind === 'epoch' ? [body.metrics] : []));

const trialOf = (epochs: number): string =>
  makeRealTrial({ dataset, training: { epochs, alignment: false }, fidelity: { epochs } });

test.skipIf(!canTrain)('three find what one finds, and the first alone reports', async () => {
  const trial = makeRealTrial({
    dataset,
    training: { epochs: 2, batchSize: 48, alignment: false },
    fidelity: { epochs: 2 },
  });
  const [[one], all] = await Promise.all([
    team(trial, await makeWorkdir(), { world: 1 }),
    team(trial, await makeWorkdir(), { world: 3 }),
  ]);
  const [first, ...others] = all;
  if (one === undefined || first === undefined) throw new Error('nobody trains');
  expect(await ends([one, ...all])).toEqual([DONE, DONE, DONE, DONE]);
  expect(others.flatMap(({ reports }) => reports)).toEqual([]);
  const [alone, together] = [epochsOf(one), epochsOf(first)];
  expect(together).toHaveLength(2);
  for (const [i, epoch] of alone.entries()) {
    expect(together[i]?.loss ?? 0).toBeCloseTo(epoch.loss ?? Number.NaN, 4);
    expect(together[i]?.validationLoss ?? 0).toBeCloseTo(epoch.validationLoss ?? Number.NaN, 4);
  }
  expect(first.kinds).toContain('result');
});

test.skipIf(!canTrain)('a killed worker ends all; one goes on from there, then two', async () => {
  const directory = await makeWorkdir();
  const [first, second] = await team(trialOf(1000), directory, { world: 2 });
  // The checkpoint of the first epoch is there once the second has ended.
  await first?.until('epoch', 2);
  second?.child.kill('SIGKILL');
  expect(await first?.exited).toBe(PEER_LOST);
  expect(first?.kinds).not.toContain('failure');

  const [alone] = await team(trialOf(1000), directory, { world: 1, attempt: 1 });
  await alone?.until('progress');
  const [begun] = alone?.reports ?? [];
  const epoch = begun?.body.kind === 'progress' ? begun.body.progress.epoch : 0;
  expect(epoch).toBeGreaterThanOrEqual(1);
  alone?.child.kill('SIGTERM');
  expect(await alone?.exited).toBe(INTERRUPTED);

  const again = await team(trialOf(1000), directory, { world: 2, attempt: 2 });
  await again[0]?.until('progress');
  again[1]?.child.kill('SIGTERM');
  expect(await ends(again)).toEqual([INTERRUPTED, INTERRUPTED]);
});

test.skipIf(!canTrain)('one whose others never come, or hang, ends in time', async () => {
  const [first, second] = await team(trialOf(2), await makeWorkdir(), { world: 2, patience: 4 });
  const both = await team(trialOf(1000), await makeWorkdir(), { world: 2, patience: 8 });
  first?.child.kill('SIGKILL');
  expect(await second?.exited).toBe(PEER_LOST);
  await both[0]?.until('progress');
  both[1]?.child.kill('SIGSTOP');
  expect(await both[0]?.exited).toBe(PEER_LOST);
  expect(both[0]?.log).toContain('worker 0 of 2 has waited 8 s for the others');
});

test('a place that is none among the workers is refused, and said', async () => {
  const env = { BIONAS_PEERS: '127.0.0.1:1,127.0.0.1:2', BIONAS_RANK: '2' };
  const trainer = new TrainerProcess(makeRealTrial(), await makeWorkdir(), 0, env);
  expect(await trainer.exited).toBe(BAD_INPUT);
  expect(trainer.reports).toMatchObject([
    { body: { reason: 'InvalidInput', message: expect.stringContaining('BIONAS_RANK') } },
  ]);
});

test.skipIf(!canTrain)('a batch that has no equal parts is refused by all', async () => {
  const trial = makeRealTrial({ dataset, training: { epochs: 2, batchSize: 63 } });
  const workers = await team(trial, await makeWorkdir(), { world: 2 });
  expect(await ends(workers)).toEqual([BAD_INPUT, BAD_INPUT]);
  expect(workers[0]?.reports).toMatchObject([
    { body: { message: expect.stringContaining('a multiple of the 2 workers, got 63') } },
  ]);
});
