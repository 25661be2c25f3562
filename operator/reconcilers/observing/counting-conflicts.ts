// A ledger that counts how often somebody else had appended first: on a cluster with one leader, that is never.
import type { Metrics } from '../../runtime/index.ts';
import type { Ledger } from '../ports.ts';

export const countingConflicts = (ledger: Ledger, metrics: Metrics): Ledger => ({
  read: (search) => ledger.read(search),
  async append(search, record, after) {
    const sequence = await ledger.append(search, record, after);
    if (sequence === undefined) metrics.count('ledger_conflicts_total');
    return sequence;
  },
});
