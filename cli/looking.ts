// The commands that look at searches, edit them and take results away. They train nothing, and start without what does.
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addDashboardCommand } from './dashboard/index.ts';
import { addDescribeCommand } from './describe/index.ts';
import { addEditCommands } from './edit/index.ts';
import { addExportCommand } from './export/index.ts';
import { addLineageCommand } from './lineage/index.ts';
import { addLogsCommand } from './logs/index.ts';
import { addParetoCommand } from './pareto/index.ts';
import { addStatusCommand } from './status/index.ts';
import { addSupportBundleCommand } from './support-bundle/index.ts';
import { addTopCommand } from './top/index.ts';

/** What a command needs of the outside. */
export type IoOf<Add> = Add extends (program: Command, io: infer Io) => void ? Io : never;

export type LookingIo = IoOf<typeof addStatusCommand> &
  IoOf<typeof addTopCommand> &
  IoOf<typeof addParetoCommand> &
  IoOf<typeof addLineageCommand> &
  IoOf<typeof addDescribeCommand> &
  IoOf<typeof addLogsCommand> &
  IoOf<typeof addDashboardCommand> &
  IoOf<typeof addEditCommands> &
  IoOf<typeof addExportCommand> &
  IoOf<typeof addSupportBundleCommand>;

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, manifest or name, 130 interrupted; docs/cli.md has those of trainers.
BIONAS_DEBUG=1 shows where an error comes from.`;

/** Without commands yet. */
export const bareProgram = (): Command =>
  new Command('bionas')
    .description(packageJson.description)
    .version(packageJson.version)
    .showHelpAfterError('(bionas COMMAND --help lists options)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);

export function addLookingCommands(program: Command, io: LookingIo): void {
  addStatusCommand(program, io);
  addTopCommand(program, io);
  addParetoCommand(program, io);
  addLineageCommand(program, io);
  addDescribeCommand(program, io);
  addLogsCommand(program, io);
  addDashboardCommand(program, io);
  addEditCommands(program, io);
  addExportCommand(program, io);
  addSupportBundleCommand(program, io);
}
