// The flag -o of every command that lists.
import { type Command, Option } from 'commander';
import { FORMATS } from './listing.ts';

export const withFormatOption = (command: Command): Command =>
  command.addOption(
    new Option('-o, --output <format>', 'how it is printed').choices(FORMATS).default('table'),
  );
