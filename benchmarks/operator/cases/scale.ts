// A cluster as large as any: thousands of nodes of eight GPUs, and as many trials at once as a search asks for.
import { setTimeout as delay } from 'node:timers/promises';
import type { Case } from '../case.ts';
import { countsPerTrial } from '../counters.ts';
import { memoryOf, usedBetween } from '../processes.ts';
import { applySearch } from '../search-run.ts';
import { costPer, delays, perSecond, round, spreadOf } from '../statistics.ts';

/** Of all trials, those that wait for a place. */
const WAITING = 0.2;
const STEADY_MS = 30_000;

export const scale: Case = {
  name: 'scale',
  what: 'DARTS networks, one GPU each: four fifths of the trials at once, held until all of those train; then they end within two minutes, and the others follow',
  trials: 2_500,
  nodes: 5_000,
  trainMs: [0, 120_000],
  audit: false,
  heartbeats: false,
  held: true,
  async measure(room, trials) {
    const { driver } = room;
    const parallelism = Math.round(trials * (1 - WAITING));
    const operator = await room.startOperator();
    const before = room.usage();
    await applySearch(room, 'scale', {
      trials,
      parallelism,
      spec: { searchSpace: { kind: 'darts', cells: 8, channels: 16, conversion: 'full' } },
    });
    await driver.until('run', parallelism);
    const full = room.usage();
    const started = usedBetween(before, full);
    const memory = { ...room.memory() };
    await delay(STEADY_MS);
    const steady = usedBetween(full, room.usage());
    driver.letGo();
    await driver.until('result', trials);
    await driver.until('end', 1);
    const { trial, pod, run, result } = driver.times;
    return {
      parallelism,
      secondsToAllRunning: round(started.seconds, 1),
      secondsToAllTrials: round(((trial[parallelism - 1] ?? 0) - (trial[0] ?? 0)) / 1000, 1),
      startsPerSecond: perSecond(run.slice(0, parallelism)),
      trialToPodMs: { ...spreadOf(behind(trial, pod)) },
      podToRunningMs: { ...spreadOf(behind(pod, run)) },
      nextTrialMs: { ...spreadOf(delays(result, trial, parallelism)) },
      cpuMsPerStart: costPer(parallelism, started.of),
      operatorPercentOfACoreWhileAllRun: round(
        ((100 * (steady.of['operator'] ?? 0)) / STEADY_MS) * 1000,
        2,
      ),
      megabytesWhileAllRun: memory,
      operatorPeakMegabytes: memoryOf(operator.pid).peakMegabytes,
      othersCores: started.othersCores,
      /** 0: none was made twice. */
      trialsTooMany: driver.count('trial') - trials,
      ...(await countsPerTrial(operator.healthUrl, trials)),
    };
  },
};

/** Ms from the k-th of one kind of moment to the k-th of the next: they come in nearly the same order. */
const behind = (from: readonly number[], to: readonly number[]): number[] =>
  to.flatMap((at, k) => {
    const since = from[k];
    return since === undefined ? [] : [at - since];
  });
