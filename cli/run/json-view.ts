// One JSON object a line, for programs: every snapshot that differs from the one before.
import type { View } from './view.ts';

export function jsonView(write: (line: string) => void): View {
  let last = '';
  return {
    update: (snapshot) => {
      const { elapsedSeconds: _, remainingSeconds: __, ...rest } = snapshot;
      const seen = JSON.stringify(rest);
      if (seen === last) return;
      last = seen;
      write(JSON.stringify({ type: 'snapshot', ...snapshot }));
    },
    note: (line) => write(JSON.stringify({ type: 'note', line })),
    close: () => undefined,
  };
}
