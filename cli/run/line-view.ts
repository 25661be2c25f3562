// Plain lines for logs and pipes: one when something happened, none while nothing did.
import { formatDuration, formatObjectives } from '../quantities/index.ts';
import { rungWords } from './rungs.ts';
import type { Snapshot } from './snapshot.ts';
import { summaryLines } from './summary.ts';
import type { Colors } from './table.ts';
import type { View } from './view.ts';

export function lineView(write: (line: string) => void, colors: Colors): View {
  let phase = '';
  let told = '';
  let finished = '';
  return {
    update: (snapshot) => {
      if (snapshot.phase !== phase) {
        write(phaseLine(snapshot, phase === ''));
        phase = snapshot.phase;
        told = snapshot.message;
      }
      if (phase === 'Finalizing' && snapshot.message !== told) {
        told = snapshot.message;
        write(`${snapshot.search}: ${told}`);
      }
      const { succeeded, failed } = snapshot.trials;
      const rungs = rungWords(snapshot.rungs, snapshot.objectives[0]);
      const now = succeeded + failed + rungs.length === 0 ? '' : `${succeeded + failed} ${rungs}`;
      if (now !== finished) write(progressLine(snapshot, rungs));
      finished = now;
    },
    note: write,
    end: (ending) => {
      for (const line of summaryLines(ending, { colors })) write(line);
    },
    close: () => undefined,
  };
}

/** The first says what is searched. A message is told once a phase, so only where it holds: in the final stage. */
function phaseLine({ search, phase, about, message }: Snapshot, first: boolean): string {
  const words = [...(first ? [about] : []), ...(phase === 'Finalizing' ? [message] : [])];
  return `${search}: ${[phase, ...words].filter((word) => word !== '').join(', ')}`;
}

function progressLine({ objectives, trials, best, ...times }: Snapshot, rungs: string): string {
  const { succeeded, infeasible, failed, budget } = trials;
  const { elapsedSeconds, remainingSeconds } = times;
  const [leader] = best;
  return [
    `${succeeded + failed}/${budget} trials`,
    ...(infeasible > 0 ? [`${infeasible} infeasible`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rungs === '' ? [] : [rungs]),
    ...(leader === undefined
      ? []
      : [`best #${leader.index} ${formatObjectives(objectives, leader.objectives)}`]),
    formatDuration(elapsedSeconds),
    ...(remainingSeconds === undefined ? [] : [`about ${formatDuration(remainingSeconds)} left`]),
  ].join(', ');
}
