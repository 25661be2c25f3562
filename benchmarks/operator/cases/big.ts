// A search as long as any: whether its cost, its objects and the operator's memory stay, and how soon a killed operator goes on.
import { setTimeout as delay } from 'node:timers/promises';
import type { Case, Figures } from '../case.ts';
import type { Room } from '../room.ts';
import { costByFifths, costOf, firstAndLast, rateOf, runSearch } from '../search-run.ts';
import { round } from '../statistics.ts';

const IN_FLIGHT = 100;
/** Trials to go on with after the kill. */
const MORE = 500;
const WINDOW = 5_000;
/** By then the Trials that it was making as it died have been seen. */
const LAST_WORDS_MS = 1_000;

export const big: Case = {
  name: 'big',
  what: 'DARTS networks of 48 genes, 100 in flight; then SIGKILL, and the way back',
  trials: 50_000,
  nodes: 16,
  trainMs: [0, 0],
  audit: false,
  async measure(room, trials) {
    await room.startOperator();
    const run = await runSearch(room, {
      trials: trials + MORE,
      results: trials,
      parallelism: IN_FLIGHT,
      spec: { searchSpace: { kind: 'darts', cells: 8, channels: 16, conversion: 'full' } },
    });
    const figures = {
      trialsPerSecond: rateOf(run),
      windows: firstAndLast(run, Math.min(WINDOW, trials / 2)),
      operatorCpuMsByFifths: costByFifths(run),
      cpuMsPerTrial: costOf(run),
      othersCores: run.used.othersCores,
      operatorPeakMegabytes: run.peakMegabytes,
    };
    return { ...figures, ...(await restart(room, trials + MORE)) };
  },
};

/** Seconds from the start of a new operator until it runs, and until it has made its first Trial. */
async function restart({ operator, driver }: Room, trials: number): Promise<Figures> {
  await operator.kill();
  await delay(LAST_WORDS_MS);
  const before = driver.count('trial');
  const start = performance.now();
  await operator.restart();
  const runs = performance.now();
  await driver.until('trial', before + 1);
  const acts = performance.now();
  await driver.until('end', 1);
  return {
    restart: {
      controllersRunSeconds: round((runs - start) / 1000, 2),
      firstNewTrialSeconds: round((acts - start) / 1000, 2),
      /** 0 where the kill neither lost nor doubled any. */
      trialsTooMany: driver.count('trial') - trials,
    },
  };
}
