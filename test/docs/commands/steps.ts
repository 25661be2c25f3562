// From the commands of a page to what is run in its shell.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Command } from './extract.ts';
import { givenFor } from './given.ts';
import { NOT_RUN } from './not-run.ts';
import { COMMANDS, named } from './pages.ts';
import { missingLines } from './shape.ts';
import type { Done, Step } from './shell.ts';

const folders = (process.env['PATH'] ?? '').split(delimiter);
const missing = ['curl', 'openssl'].filter(
  (program) => !folders.some((folder) => existsSync(join(folder, program))),
);
for (const program of missing) console.warn(`skipped: no ${program}, by which pages have commands`);

const isRun = (command: Command): boolean =>
  !missing.some((program) => command.text.startsWith(`${program} `)) &&
  !NOT_RUN.some((row) => row.page === command.page && row.commands.includes(named(command)));

/** Those that are run, by page, each page in its order. */
export function runByPage(wanted: (command: Command) => boolean): [string, Command[]][] {
  const run = COMMANDS.filter((command) => wanted(command) && isRun(command));
  return [...Map.groupBy(run, ({ page }) => page)];
}

export function stepOf(command: Command): Step {
  const given = givenFor(command);
  const run = given.reduce(
    (text, { command: pattern, as }) => (as === undefined ? text : text.replace(pattern, as)),
    command.text,
  );
  const before = given.flatMap((row) => row.before ?? []).join('\n');
  return { said: named(command), run, before: before === '' ? undefined : before };
}

/** What a page shows and its commands did not print. */
export const differences = (commands: readonly Command[], done: readonly Done[]): string[] =>
  commands.flatMap((command, k) => {
    const lines = givenFor(command).find((row) => row.lines !== undefined)?.lines;
    const shown = command.output.slice(0, lines);
    return missingLines(shown, done[k]?.output ?? '').map(
      (line) => `${command.page}:${command.line}: ${named(command)} does not print: ${line}`,
    );
  });
