// `bionas report DIR`: result.json and report.html written anew from what lies in a search's directory.
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FileLedger, ObjectStore } from '../../operator/adapters/local/index.ts';
import { SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { reportHtml } from '../report/index.ts';
import { readResult, replaceFile } from '../result/index.ts';
import {
  NoSearchError,
  noSearchIn,
  type RunDirectory,
  takeRunDirectory,
} from '../run-directory/index.ts';
import type { RunIo } from './command.ts';
import { writeOutcome } from './finish.ts';

type ReportIo = Pick<RunIo, 'out' | 'pid' | 'isAlive' | 'workingDirectory'>;

export function addReportCommand(program: Command, io: ReportIo): void {
  program
    .command('report')
    .description("write a search's report.html and result.json anew")
    .argument('<directory>', 'where the search lives, such as runs/NAME')
    .action(async (directory: string) => {
      io.out(await writeReport(resolve(io.workingDirectory, directory), io));
    });
}

/** From the history, where it is there; else from result.json alone. Gives the report's path. */
async function writeReport(root: string, { pid, isAlive }: ReportIo): Promise<string> {
  const has = (name: string) =>
    access(resolve(root, name)).then(
      () => true,
      () => false,
    );
  if (!(await has('objects')) && !(await has('result.json'))) throw noSearchIn(root);
  const directory = await takeRunDirectory(root, { fresh: false, pid, isAlive });
  try {
    if (await has('objects')) await rebuild(directory);
    else await replaceFile(directory.report, reportHtml(await readResult(directory.result)));
    return directory.report;
  } finally {
    await directory.release();
  }
}

async function rebuild(directory: RunDirectory): Promise<void> {
  const logger = silentLogger;
  const store = await ObjectStore.open({
    directory: directory.objects,
    kinds: [
      { kind: SEARCHES, keep: 'disk' },
      { kind: TRIALS, keep: 'disk' },
    ],
    clock: systemClock,
    newUid: randomUUID,
    logger,
  });
  const ledger = await FileLedger.open(directory.ledger, logger);
  try {
    const { items } = await store.of(SEARCHES).list();
    const [search] = items;
    if (search === undefined)
      throw new NoSearchError(`${directory.objects}: expected a BioNASSearch, found none`);
    await writeOutcome(search, { operator: { store, ledger }, directory, now: systemClock.now() });
  } finally {
    await ledger.close();
  }
}
