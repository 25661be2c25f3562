// The records of a real search under a scheduler, played one trial at a time to its end.
import { BioNASSearch } from '../../../crds/index.ts';
import type { LedgerRecord } from '../../../operator/reconcilers/index.ts';
import type { HistoryEvent } from '../../../operator/search/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { inOrder, playScheduled } from '../../builders/scheduling.ts';
import { makeRecord } from '../../builders/search-result.ts';

export function scheduledHistory(spec: Record<string, unknown>, trials: number): LedgerRecord[] {
  const parsed = BioNASSearch.parse(makeSearchManifest(spec)).spec;
  const run = playScheduled(parsed, { trials, places: 1 }, inOrder(10 * trials));
  const outcome = { kind: 'scored' as const, objectives: [0] };
  const letGo = run.state.outstanding.map(([index, genotype]) => ({ index, genotype, outcome }));
  return [...run.events, ...letGo].map((event) => recordOf(event, run.trials));
}

function recordOf(
  event: HistoryEvent,
  trials: ReturnType<typeof playScheduled>['trials'],
): LedgerRecord {
  const { index } = event;
  const name = `night-${index}`;
  const base = makeRecord(index, { index, name, trial: `uid-${index}` });
  const { search, trial, completionTime } = base;
  const of = { search, trial, name, index, epochs: 1, completionTime };
  if (!('outcome' in event)) return { ...of, kind: 'promotion' };
  const { genotype, outcome } = event;
  const objectives = outcome.kind === 'scored' ? [...outcome.objectives] : undefined;
  if (event.kind === 'pause') return { ...of, kind: 'pause', genotype, objectives };
  const { proposedAfter = 0 } = trials[index] ?? {};
  return { ...base, genotype, proposedAfter, objectives };
}
