// A logger for whoever watches a run: what goes wrong inside and is tried again would else look like a run that hangs.
import type { Logger } from '../operator/runtime/index.ts';

/** Notes each error once, however often it comes again; says nothing else. */
export function troubleLogger(note: (line: string) => void): Logger {
  const told = new Set<string>();
  const logger: Logger = {
    info() {},
    error(message, { error } = {}) {
      const line = error === undefined ? message : `${message}: ${reasonOf(error)}`;
      if (told.has(line)) return;
      told.add(line);
      note(line);
    },
    with: () => logger,
  };
  return logger;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
