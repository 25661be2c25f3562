// The trainer's contract as a process: exit codes, reports, signals, and what the next attempt finds.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makeRealTrial, makeWorkdir, TrainerProcess } from './trainer-process.ts';

const canTrain = tensorFlow !== undefined && realPictures !== undefined;
/** Far more than a test waits for. */
const ENDLESS = { training: { epochs: 1000 }, fidelity: { epochs: 1000 } };
const SECONDS_TO_END = 5;

describe('bad input ends with 64 and says why', () => {
  test.each([
    ['no JSON', '{', 'the Trial is no JSON'],
    ['nothing', '', 'the Trial is no JSON'],
    ['another schema', '{"kind":"Pod"}', 'BadInputError: Trial'],
    ['a genotype of no network', makeRealTrial({ genotype: 'lenet;conv1=BP' }), 'GenotypeError'],
  ])('%s', async (_what, trial, message) => {
    const trainer = new TrainerProcess(trial, await makeWorkdir());
    expect(await trainer.exited).toBe(64);
    expect(trainer.reports).toMatchObject([
      {
        body: {
          kind: 'failure',
          reason: 'InvalidInput',
          message: expect.stringContaining(message),
        },
      },
    ]);
  });

  test.skipIf(!canTrain)('more pictures than there are', async () => {
    const dataset = { ...realPictures, trainPictures: 1_000_000 };
    const trainer = new TrainerProcess(makeRealTrial({ dataset }), await makeWorkdir());
    expect(await trainer.exited).toBe(64);
  });
});

describe.skipIf(!canTrain)('a trainer that trains', () => {
  test('ends with 69 on a CPU where a GPU was asked for, and says what is missing', async () => {
    const trainer = new TrainerProcess(makeRealTrial(), await makeWorkdir(), 0, {
      BIONAS_DEVICE: 'gpu',
    });
    expect(await trainer.exited).toBe(69);
    expect(trainer.log).toContain('"message":"Self-check","wanted":"gpu"');
    expect(trainer.reports).toMatchObject([
      {
        body: { reason: 'DeviceUnavailable', message: expect.stringContaining('a GPU was asked') },
      },
    ]);
  });

  test('reports by the contract, ends with 0, and answers again at once', async () => {
    const directory = await makeWorkdir();
    const first = new TrainerProcess(makeRealTrial(), directory);
    expect(await first.exited).toBe(0);
    expect(first.nonsense).toEqual([]);
    expect(first.kinds.filter((kind) => kind !== 'progress')).toEqual(['epoch', 'epoch', 'result']);
    expect(first.reports.map(({ sequence }) => sequence)).toEqual([...first.reports.keys()]);
    expect(
      first.reports.every(({ trial, attempt }) => trial === 'night-0-uid' && attempt === 0),
    ).toBe(true);

    const second = new TrainerProcess(makeRealTrial(), directory, 1);
    expect(await second.exited).toBe(0);
    expect(second.kinds).toEqual(['result']);
    expect(second.reports[0]).toMatchObject({ attempt: 1, body: first.reports.at(-1)?.body });

    const other = new TrainerProcess(makeRealTrial({ seed: 2 }), directory);
    expect(await other.exited).toBe(1);
    expect(other.log).toContain('belongs to another trial or recipe');
  });

  test('what was found at a rung is no answer to who asks for more', async () => {
    const directory = await makeWorkdir();
    const to = (epochs: number, pause: boolean) => makeRealTrial({ fidelity: { epochs, pause } });
    expect(await new TrainerProcess(to(1, true), directory).exited).toBe(0);
    const again = new TrainerProcess(to(1, true), directory, 1);
    await again.exited;
    expect(again.kinds).toEqual(['result']);
    const further = new TrainerProcess(to(2, false), directory, 2);
    expect(await further.exited).toBe(0);
    expect(further.kinds.filter((kind) => kind !== 'progress')).toEqual(['epoch', 'result']);
  });

  test('a damaged result is trained again from the checkpoint', async () => {
    const directory = await makeWorkdir();
    await new TrainerProcess(makeRealTrial(), directory).exited;
    await writeFile(join(directory, 'result.json'), '{"outcome":');
    const again = new TrainerProcess(makeRealTrial(), directory);
    expect(await again.exited).toBe(0);
    expect(again.kinds).toEqual(['result']);
    expect(JSON.parse(await readFile(join(directory, 'result.json'), 'utf8'))).toMatchObject({
      outcome: 'Trained',
    });
  });

  test.each<[string, (trainer: TrainerProcess) => void]>([
    ['SIGTERM', ({ child }) => void child.kill('SIGTERM')],
    ['SIGINT', ({ child }) => void child.kill('SIGINT')],
    ['the death of its parent', ({ child }) => child.disconnect()],
  ])('%s ends it with 75 after a checkpoint', async (_what, stop) => {
    const directory = await makeWorkdir();
    const trainer = new TrainerProcess(makeRealTrial(ENDLESS), directory);
    await trainer.until('progress');
    const before = performance.now();
    stop(trainer);
    expect(await trainer.exited).toBe(75);
    expect((performance.now() - before) / 1000).toBeLessThan(SECONDS_TO_END);
    await expect(access(join(directory, 'checkpoint.safetensors'))).resolves.toBeUndefined();
  });

  test('a step that takes longer than the patience is given up', async () => {
    const slow = {
      dataset: { ...realPictures, trainPictures: 9000, validationPictures: 100 },
      training: { epochs: 1000, batchSize: 9000 },
      fidelity: { epochs: 1000 },
      genotype: `resnet20;${[1, 2, 3].flatMap((s) => [1, 2, 3].flatMap((b) => [1, 2].map((c) => `stage${s}.block${b}.conv${c}=BP`))).join()},fc=BP`,
      shape: { channels: 16, network: 'resnet20' },
    };
    const trainer = new TrainerProcess(makeRealTrial(slow), await makeWorkdir());
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const before = performance.now();
    trainer.child.kill('SIGTERM');
    expect(await trainer.exited).toBe(75);
    // A step of this size takes far longer, also where other tests run beside it.
    expect((performance.now() - before) / 1000).toBeLessThan(3 * SECONDS_TO_END);
  });
});
