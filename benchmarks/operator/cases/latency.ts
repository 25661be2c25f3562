// From a result to the next Trial and its Pod: one trial at a time, and many long ones in flight.
import { setTimeout as delay } from 'node:timers/promises';
import { totalOf, writesIn, writesSince } from '../audit-log.ts';
import type { Case, Figures } from '../case.ts';
import type { Room } from '../room.ts';
import { applySearch, costOf, rateOf, runSearch, type SearchRun } from '../search-run.ts';
import { delays, spreadOf } from '../statistics.ts';

const IN_FLIGHT = 50;
const LONG_MS = [20_000, 20_000] as const;
/** By then a state that lasts has been written, and the search's status with it. */
const SETTLED_MS = 4_000;
const QUIET_MS = 8_000;

export const one: Case = {
  name: 'one',
  what: 'one trial at a time, zero-length',
  trials: 200,
  nodes: 10,
  trainMs: [0, 0],
  audit: false,
  async measure(room, trials) {
    await room.startOperator();
    return latencies(await runSearch(room, { trials, parallelism: 1 }), 1);
  },
};

export const flight: Case = {
  name: 'flight',
  what: '50 trials of 2.5 to 7.5 s in flight (alike, they would end in bursts); then 50 of 20 s, while which the operator writes nothing',
  trials: 300,
  nodes: 10,
  trainMs: [2_500, 7_500],
  audit: true,
  async measure(room, trials) {
    await room.startOperator();
    const run = await runSearch(room, { trials, parallelism: IN_FLIGHT });
    const figures = latencies(run, IN_FLIGHT);
    return { ...figures, writesWhileRunning: await writesWhileRunning(room) };
  },
};

function latencies(run: SearchRun, parallelism: number): Figures {
  const { sent, result, trial, pod } = run.times;
  return {
    nextTrialMs: { ...spreadOf(delays(result, trial, parallelism)) },
    nextTrialFromSentMs: { ...spreadOf(delays(sent, trial, parallelism)) },
    nextPodMs: { ...spreadOf(delays(result, pod, parallelism)) },
    trialsPerSecond: rateOf(run),
    cpuMsPerTrial: costOf(run),
    othersCores: run.used.othersCores,
    operatorPeakMegabytes: run.peakMegabytes,
  };
}

/** By the operator, of 50 trials in some seconds in which they only run. */
async function writesWhileRunning(room: Room): Promise<number> {
  const { driver, plane } = room;
  const before = driver.count('run');
  driver.trainFor(LONG_MS);
  await applySearch(room, 'quiet', { trials: IN_FLIGHT, parallelism: IN_FLIGHT });
  await driver.until('run', before + IN_FLIGHT);
  await delay(SETTLED_MS);
  const settled = writesIn(plane.directory);
  await delay(QUIET_MS);
  const { 'bionas-operator': ours } = writesSince(settled, writesIn(plane.directory));
  return totalOf(ours);
}
