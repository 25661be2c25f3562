// As many trials as the machine lets through, and whether the thousandth costs what the first did.
import type { Case } from '../case.ts';
import { countsPerTrial } from '../counters.ts';
import { costByFifths, costOf, firstAndLast, rateOf, runSearch } from '../search-run.ts';

export const throughput: Case = {
  name: 'throughput',
  what: '100 zero-length trials in flight',
  trials: 5_000,
  nodes: 16,
  trainMs: [0, 0],
  audit: false,
  async measure(room, trials) {
    const operator = await room.startOperator();
    const run = await runSearch(room, { trials, parallelism: Math.min(100, trials) });
    return {
      trialsPerSecond: rateOf(run),
      fifths: firstAndLast(run, trials / 5),
      operatorCpuMsByFifths: costByFifths(run),
      cpuMsPerTrial: costOf(run),
      ...(await countsPerTrial(operator.healthUrl, trials)),
      othersCores: run.used.othersCores,
      operatorPeakMegabytes: run.peakMegabytes,
    };
  },
};
