// Plain lines for logs and pipes: one when something happened, none while nothing did.
import { formatDuration, formatTrial } from './format.ts';
import type { Snapshot } from './snapshot.ts';
import type { View } from './view.ts';

export function lineView(write: (line: string) => void): View {
  let phase = '';
  let finished = -1;
  return {
    update: (snapshot) => {
      if (snapshot.phase !== phase) {
        phase = snapshot.phase;
        write(
          `${snapshot.search}: ${phase}${snapshot.message === '' ? '' : `, ${snapshot.message}`}`,
        );
      }
      const { succeeded, failed } = snapshot.trials;
      if (succeeded + failed !== finished) {
        finished = succeeded + failed;
        if (finished > 0) write(progressLine(snapshot));
      }
    },
    note: write,
    close: () => undefined,
  };
}

function progressLine({ trials, best, elapsedSeconds, remainingSeconds }: Snapshot): string {
  const { succeeded, failed, budget } = trials;
  const [leader] = best;
  return [
    `${succeeded + failed}/${budget} trials`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(leader === undefined ? [] : [`best ${formatTrial(leader)}`]),
    formatDuration(elapsedSeconds),
    ...(remainingSeconds === undefined ? [] : [`about ${formatDuration(remainingSeconds)} left`]),
  ].join(', ');
}
