// The first argument of commands about one search.
import type { Command } from 'commander';

export const withSearchArgument = (command: Command): Command =>
  command.argument(
    '<search>',
    'directory of a run, or its name under runs/; on a cluster its name',
  );
