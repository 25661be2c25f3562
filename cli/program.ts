// All commands of `bionas`, as a tree: main.ts runs it, docs/cli.md and the completion are written from it.
import { join } from 'node:path';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addBackupCommands } from './backup/index.ts';
import { addCompletionCommand } from './completion/index.ts';
import { addDataCommand } from './data/index.ts';
import { addDebugCommand } from './debug/index.ts';
import { addDescribeCommand } from './describe/index.ts';
import { addEditCommands } from './edit/index.ts';
import { addExportCommand } from './export/index.ts';
import { addLedgerCommand } from './ledger/index.ts';
import { addLineageCommand } from './lineage/index.ts';
import { addLogsCommand } from './logs/index.ts';
import { addParetoCommand } from './pareto/index.ts';
import { addPlanCommand } from './plan/index.ts';
import { addReplayCommand } from './replay/index.ts';
import { addReportCommand, addRunCommand } from './run/index.ts';
import { addSimulateCommand } from './simulate/index.ts';
import { addStatusCommand } from './status/index.ts';
import { addSupportBundleCommand } from './support-bundle/index.ts';
import { addTopCommand } from './top/index.ts';
import { addValidateCommand } from './validate/index.ts';

type IoOf<Add> = Add extends (program: Command, io: infer Io) => void ? Io : never;

/** What the commands need of the outside. */
export type ProgramIo = IoOf<typeof addRunCommand> &
  IoOf<typeof addPlanCommand> &
  IoOf<typeof addStatusCommand> &
  IoOf<typeof addTopCommand> &
  IoOf<typeof addParetoCommand> &
  IoOf<typeof addLineageCommand> &
  IoOf<typeof addDescribeCommand> &
  IoOf<typeof addLogsCommand> &
  IoOf<typeof addEditCommands> &
  IoOf<typeof addExportCommand> &
  IoOf<typeof addSupportBundleCommand> &
  IoOf<typeof addReplayCommand> &
  IoOf<typeof addBackupCommands> &
  Omit<IoOf<typeof addDataCommand>, 'cacheDir'> &
  IoOf<typeof addDebugCommand> &
  IoOf<typeof addLedgerCommand> &
  IoOf<typeof addSimulateCommand> &
  IoOf<typeof addValidateCommand>;

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, manifest or name, 130 interrupted.
BIONAS_DEBUG=1 shows where an error comes from.`;

export function createProgram(io: ProgramIo): Command {
  const program = new Command('bionas')
    .description(packageJson.description)
    .version(packageJson.version)
    .showHelpAfterError('(bionas COMMAND --help lists options)')
    .exitOverride();
  program.addHelpText('after', EXIT_CODES);
  addRunCommand(program, io);
  addPlanCommand(program, io);
  addStatusCommand(program, io);
  addTopCommand(program, io);
  addParetoCommand(program, io);
  addLineageCommand(program, io);
  addDescribeCommand(program, io);
  addLogsCommand(program, io);
  addEditCommands(program, io);
  addExportCommand(program, io);
  addSupportBundleCommand(program, io);
  addReportCommand(program, io);
  addReplayCommand(program, io);
  addBackupCommands(program, io);
  addDataCommand(program, { ...io, cacheDir: join(io.cache, 'datasets') });
  addDebugCommand(program, io);
  addLedgerCommand(program, io);
  addSimulateCommand(program, io);
  addValidateCommand(program, io);
  addCompletionCommand(program, io);
  return program;
}
