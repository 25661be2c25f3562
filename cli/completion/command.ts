// `bionas completion SHELL`: a script that completes commands, options and their choices, written from the tree of commands.
import { Argument, type Command } from 'commander';
import { SHELLS, type Shell, wordsOf } from './words.ts';

export interface CompletionIo {
  out(line: string): void;
}

const HELP = `
Searches and files complete as files do. Examples:
  bash    eval "$(bionas completion bash)"                                       in ~/.bashrc
  zsh     eval "$(bionas completion zsh)"                                        in ~/.zshrc, after compinit
  fish    bionas completion fish > ~/.config/fish/completions/bionas.fish`;

export function addCompletionCommand(program: Command, io: CompletionIo): void {
  program
    .command('completion')
    .description('a script that completes bionas in a shell')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action((shell: Shell) => io.out(SHELLS[shell](wordsOf(program))));
}
