// One JSON object a line, for programs: every snapshot that differs from the one before, and the result at the end.
import type { View } from './view.ts';

export function jsonView(write: (line: string) => void): View {
  let last = '';
  return {
    update: (snapshot) => {
      const { elapsedSeconds: _, remainingSeconds: __, ...rest } = snapshot;
      const running = rest.running.map(({ seconds: ___, ...trial }) => trial);
      const seen = JSON.stringify({ ...rest, running });
      if (seen === last) return;
      last = seen;
      write(JSON.stringify({ type: 'snapshot', ...snapshot }));
    },
    note: (line) => write(JSON.stringify({ type: 'note', line })),
    end: ({ result }) => write(JSON.stringify({ type: 'result', result })),
    close: () => undefined,
  };
}
