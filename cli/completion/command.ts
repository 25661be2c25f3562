// `bionas completion SHELL`: a script that completes commands, options and names, written from the tree of commands.
import { Argument, type Command } from 'commander';
import { answerLines, answerTo } from './answer.ts';
import { type NamesIo, namesAt } from './names.ts';
import { SHELLS, type Shell } from './shells.ts';
import { wordsOf } from './words.ts';

export interface CompletionIo {
  out(line: string): void;
}

const HELP = `
Names of searches and trials are looked up when TAB is pressed, those of a cluster where -n, --context or --kubeconfig are
typed; what takes longer than $BIONAS_COMPLETION_SECONDS (default: 3) is left out. kubectl completes "kubectl bionas" by bin/kubectl_complete-bionas,
where that folder is in the PATH.

Examples:
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

/** Tells what may follow the words, of which the last one is being typed. */
export async function complete(
  program: Command,
  words: readonly string[],
  io: NamesIo & CompletionIo,
): Promise<void> {
  const answer = await answerTo(words, wordsOf(program), namesAt(io));
  for (const line of answerLines(answer)) io.out(line);
}
