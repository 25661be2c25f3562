// What a trial costs the API server in writes, by who makes them.
import { setTimeout as delay } from 'node:timers/promises';
import { totalOf, type Writes, writesIn, writesSince } from '../audit-log.ts';
import type { Case } from '../case.ts';
import { costOf, runSearch } from '../search-run.ts';
import { round } from '../statistics.ts';

/** Until what was pruned last is collected. */
const AFTERMATH_MS = 3_000;
/** Fewer are the machinery's own. */
const WORTH_SHOWING = 0.05;

export const writes: Case = {
  name: 'writes',
  what: '10 trials of 2 s in flight, audited',
  trials: 200,
  nodes: 10,
  trainMs: [2_000, 2_000],
  audit: true,
  async measure(room, trials) {
    await room.startOperator();
    const { directory } = room.plane;
    const before = writesIn(directory);
    const run = await runSearch(room, { trials, parallelism: Math.min(10, trials) });
    await delay(AFTERMATH_MS);
    const made = writesSince(before, writesIn(directory));
    const ours = totalOf(made['bionas-operator']);
    const all = Object.values(made).reduce((sum, counts) => sum + totalOf(counts), 0);
    return {
      operatorWritesPerTrial: round(ours / trials, 2),
      writesPerTrial: round(all / trials, 2),
      byWriter: perTrial(made, trials),
      cpuMsPerTrial: costOf(run),
      othersCores: run.used.othersCores,
      operatorPeakMegabytes: run.peakMegabytes,
    };
  },
};

function perTrial(made: Writes, trials: number): Record<string, Record<string, number>> {
  const entries = Object.entries(made).map(([writer, counts]) => {
    const shown = Object.entries(counts)
      .map(([what, count]) => [what, round(count / trials, 2)] as const)
      .filter(([, count]) => count >= WORTH_SHOWING)
      .toSorted(([, a], [, b]) => b - a);
    return [writer, Object.fromEntries(shown)] as const;
  });
  return Object.fromEntries(entries.filter(([, shown]) => Object.keys(shown).length > 0));
}
