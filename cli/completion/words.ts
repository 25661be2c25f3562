// What can be typed, command by command: of it the scripts of shells and the answers to their questions are made. Pure.
import type { Argument, Command, Option } from 'commander';

/** Of one command; `path` is empty for the program. */
export interface Words {
  readonly path: readonly string[];
  readonly about: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly OptionWords[];
  readonly arguments: readonly ArgumentWords[];
}

export interface OptionWords {
  readonly flags: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  /** Empty where it may be anything. */
  readonly choices: readonly string[];
}

/** One of several words that are known, the name of something that is looked up, or anything, such as a file. */
export interface ArgumentWords {
  readonly choices: readonly string[];
  readonly names?: NameKind;
  /** Whether there may be more of it. */
  readonly isRepeated: boolean;
}

const NAME_KINDS = ['search', 'trial'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** The program first, then its commands and theirs. */
export function wordsOf(command: Command, path: readonly string[] = []): Words[] {
  const { commands, options, registeredArguments } = command;
  const own: Words = {
    path,
    about: command.description(),
    commands: commands.map((each) => ({ name: each.name(), about: each.description() })),
    options: [...options.map(optionWords), HELP],
    arguments: registeredArguments.map(argumentWords),
  };
  return [own, ...commands.flatMap((each) => wordsOf(each, [...path, each.name()]))];
}

const HELP = { flags: ['-h', '--help'], about: 'what it does', takesValue: false, choices: [] };

const optionWords = ({
  short,
  long,
  description,
  required,
  optional,
  argChoices,
}: Option): OptionWords => ({
  flags: [short, long].flatMap((flag) => flag ?? []),
  about: description,
  takesValue: required || optional,
  choices: argChoices ?? [],
});

function argumentWords(argument: Argument): ArgumentWords {
  const names = NAME_KINDS.find((kind) => argument.name().replace(/s$/, '') === kind);
  const isRepeated = argument.variadic;
  return {
    choices: argument.argChoices ?? [],
    isRepeated,
    ...(names === undefined ? {} : { names }),
  };
}
