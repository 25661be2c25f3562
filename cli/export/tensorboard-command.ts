// `bionas export tensorboard SEARCH --to DIR`: a run a trial for TensorBoard.
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { withPlace, withPlaceOptions, withSearchArgument } from '../place/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { type ExportIo, type FolderFlags, withFolder } from './destination.ts';

const HELP = `
Each trial that has measured anything is a run, DIR/TRIAL, with its learning curve and, at its last epoch, what it was worth.
The HPARAMS tab has operation and rule of each edge. Written again, a run takes the place of the old one.

Examples:
  bionas export tensorboard runs/quickstart --to board
  tensorboard --logdir board
  kubectl bionas export tensorboard quickstart -n team-a --to board`;

/** One name, so that a trial that is written again is not shown twice. */
const FILE = 'events.out.tfevents.0000000000.bionas';

export function addTensorboardCommand(parent: Command, io: ExportIo): void {
  const command = parent
    .command('tensorboard')
    .description('learning curves and networks of all trials for TensorBoard');
  withFolder(withPlaceOptions(withSearchArgument(command)))
    .addHelpText('after', HELP)
    .action((search: string, flags: FolderFlags) =>
      withPlace(flags, io, async (place) => {
        const known = await knownTrials(await place.open(search));
        const { eventFile } = await import('./tensorboard/index.ts');
        const trials = known.trials.filter(
          ({ epochs, metrics }) => epochs.length > 0 || metrics !== undefined,
        );
        for (const trial of trials) {
          const folder = resolve(io.workingDirectory, flags.to, encodeURIComponent(trial.name));
          await io.makeDirectory(folder);
          await io.writeFile(join(folder, FILE), eventFile(trial));
        }
        io.err(`${trials.length} trials written to ${flags.to}: tensorboard --logdir ${flags.to}`);
        const note = missingNote(known);
        if (note !== undefined) io.err(note);
      }),
    );
}
