// `bionas export KIND SEARCH`: what a search found, as files for other programs. A kind is a file beside.
import type { Command } from 'commander';
import type { ExportIo } from './destination.ts';
import { addGenotypeCommand } from './genotype-command.ts';
import { addMlflowCommand } from './mlflow-command.ts';
import { addPytorchCommand } from './pytorch-command.ts';
import { addTableCommand } from './table-command.ts';
import { addTensorboardCommand } from './tensorboard-command.ts';
import { addTrialsCommand } from './trials-command.ts';

export function addExportCommand(program: Command, io: ExportIo): void {
  const command = program.command('export').description('what a search found, for other programs');
  addTrialsCommand(command, io);
  addTableCommand(command, io);
  addGenotypeCommand(command, io);
  addPytorchCommand(command, io);
  addTensorboardCommand(command, io);
  addMlflowCommand(command, io);
}
