// ASHA on this machine, with real trainers: networks pause without a process, go on from their checkpoints, and a run that is
// killed again and again comes to the same rungs with the same numbers.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isTrialRecord } from '../../operator/reconcilers/index.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
/** Of `kill -9`, in ms after each start; a trial takes one to three seconds. */
const MOMENTS = [1500, 4100, 2600, 5200];

const SPEC = {
  scheduling: { name: 'asha', eta: 2 },
  training: { epochs: 3 },
  budget: { trials: 4 },
  final: { topK: 0 },
};

/** What happened, in its order, without names and times; those let go at the end, all at once, by their index. */
async function told(run: LocalRun) {
  const events = (await run.history()).map((record) => ({
    what: isTrialRecord(record) ? record.reason : record.kind,
    index: record.index,
    epochs: 'epochs' in record ? record.epochs : undefined,
    objectives: 'objectives' in record ? record.objectives : undefined,
  }));
  const isLetGo = ({ what }: { readonly what: string }) => what === 'NotPromoted';
  const letGo = events.filter(isLetGo).toSorted((a, b) => a.index - b.index);
  return [...events.filter((event) => !isLetGo(event)), ...letGo];
}

test.skipIf(!canRun)(
  'killed again and again, ASHA comes to the same rungs',
  async () => {
    const straight = await LocalRun.make();
    const run = await straight.start(SPEC);
    expect(await run.ended, run.output).toBe(0);
    const expected = await told(straight);
    expect(expected.filter(({ what }) => what === 'promotion').length).toBeGreaterThanOrEqual(3);
    expect((await straight.records()).map(({ index }) => index).toSorted()).toEqual([0, 1, 2, 3]);
    const { rungs, trials } = await straight.result();
    expect(rungs.map(({ epochs, trials: came }) => [epochs, came])).toEqual([
      [1, 4],
      [2, 2],
      [3, 1],
    ]);
    // Whoever was promoted has one learning curve, from the first epoch to the last.
    const curves = trials.map(({ epochs }) => epochs.map(({ epoch }) => epoch));
    expect(curves).toContainEqual([1, 2, 3]);
    expect(run.output).toContain('1 epoch: 4, 2 on');

    const killed = await LocalRun.make();
    for (const ms of MOMENTS) {
      const { child, ended } = await killed.start(SPEC);
      await Promise.race([delay(ms), ended]);
      child.kill('SIGKILL');
      await ended;
    }
    const last = await killed.start(SPEC);
    expect(await last.ended, last.output).toBe(0);
    expect(await told(killed)).toEqual(expected);
    await delay(100);
    expect(await killed.trainers()).toEqual([]);
  },
  600_000,
);
