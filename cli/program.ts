// All commands of `bionas`, as a tree: docs/cli.md and the completion are written from it.
import { join } from 'node:path';
import type { Command } from 'commander';
import { addBackupCommands } from './backup/index.ts';
import { addCompletionCommand } from './completion/index.ts';
import { addDataCommand } from './data/index.ts';
import { addDebugCommand } from './debug/index.ts';
import { addLedgerCommand } from './ledger/index.ts';
import { addLookingCommands, bareProgram, type IoOf, type LookingIo } from './looking.ts';
import { addPlanCommand } from './plan/index.ts';
import { addReplayCommand } from './replay/index.ts';
import { addReportCommand, addRunCommand } from './run/index.ts';
import { addSimulateCommand } from './simulate/index.ts';
import { addValidateCommand } from './validate/index.ts';

/** What the commands need of the outside. */
export type ProgramIo = IoOf<typeof addRunCommand> &
  IoOf<typeof addPlanCommand> &
  LookingIo &
  IoOf<typeof addReplayCommand> &
  IoOf<typeof addBackupCommands> &
  Omit<IoOf<typeof addDataCommand>, 'cacheDir'> &
  IoOf<typeof addDebugCommand> &
  IoOf<typeof addLedgerCommand> &
  IoOf<typeof addSimulateCommand> &
  IoOf<typeof addValidateCommand>;

export function createProgram(io: ProgramIo): Command {
  const program = bareProgram();
  addRunCommand(program, io);
  addPlanCommand(program, io);
  addLookingCommands(program, io);
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
