// Plain lines for logs and pipes: one when something happened, none while nothing did.
import { formatDuration, formatObjectives } from '../quantities/index.ts';
import type { Snapshot } from './snapshot.ts';
import { summaryLines } from './summary.ts';
import type { Colors } from './table.ts';
import type { View } from './view.ts';

export function lineView(write: (line: string) => void, colors: Colors): View {
  let phase = '';
  let told = '';
  let finished = -1;
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
      if (succeeded + failed !== finished) {
        finished = succeeded + failed;
        if (finished > 0) write(progressLine(snapshot));
      }
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

function progressLine({ objectives, trials, best, ...times }: Snapshot): string {
  const { succeeded, failed, budget } = trials;
  const { elapsedSeconds, remainingSeconds } = times;
  const [leader] = best;
  return [
    `${succeeded + failed}/${budget} trials`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(leader === undefined
      ? []
      : [`best #${leader.index} ${formatObjectives(objectives, leader.objectives)}`]),
    formatDuration(elapsedSeconds),
    ...(remainingSeconds === undefined ? [] : [`about ${formatDuration(remainingSeconds)} left`]),
  ].join(', ');
}
