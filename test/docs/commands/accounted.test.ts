// Of every command of the docs it is known whether it is run: by local.integration.test.ts, by test/cluster/docs, or not, and then why.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GIVEN } from './given.ts';
import { NOT_RUN } from './not-run.ts';
import { COMMANDS, named, needsCluster, ROOT } from './pages.ts';
import { runByPage } from './steps.ts';

const commandsOn = (page: string | undefined) =>
  COMMANDS.filter((command) => page === undefined || command.page === page);

test('most commands are run, here and on a cluster', () => {
  const count = (wanted: Parameters<typeof runByPage>[0]) =>
    runByPage(wanted).flatMap(([, commands]) => commands).length;
  expect(count((command) => !needsCluster(command))).toBeGreaterThan(40);
  expect(count(needsCluster)).toBeGreaterThan(45);
});

test('what is not run is a command of its page, once', () => {
  const rows = NOT_RUN.flatMap(({ page, commands }) => commands.map((name) => `${page}: ${name}`));
  const known = new Set(COMMANDS.map((command) => `${command.page}: ${named(command)}`));
  expect(rows.filter((row) => !known.has(row))).toEqual([]);
  expect(rows.filter((row, k) => rows.indexOf(row) !== k)).toEqual([]);
});

test('the tests that do it instead are there', () => {
  const tests = NOT_RUN.flatMap(({ test: path }) => path ?? []);
  expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('what is given is given to a command', () => {
  const idle = GIVEN.filter(
    ({ page, command: pattern }) =>
      !commandsOn(page).some((command) => named(command).search(pattern) >= 0),
  );
  expect(idle).toEqual([]);
});
