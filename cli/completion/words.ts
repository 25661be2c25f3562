// What can be typed, command by command, and the scripts of three shells that complete it. Pure.
import type { Command, Option } from 'commander';

/** Of one command; `path` is empty for the program. */
export interface Words {
  readonly path: readonly string[];
  readonly about: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly {
    readonly flags: readonly string[];
    readonly about: string;
    readonly takesValue: boolean;
    /** Empty where it may be anything. */
    readonly choices: readonly string[];
  }[];
  /** Choices of its first argument. */
  readonly choices: readonly string[];
}

/** The program first, then its commands and theirs. */
export function wordsOf(command: Command, path: readonly string[] = []): Words[] {
  const { commands, options, registeredArguments } = command;
  const own: Words = {
    path,
    about: command.description(),
    commands: commands.map((each) => ({ name: each.name(), about: each.description() })),
    options: [...options.map(optionWords), HELP],
    choices: registeredArguments[0]?.argChoices ?? [],
  };
  return [own, ...commands.flatMap((each) => wordsOf(each, [...path, each.name()]))];
}

const HELP = { flags: ['-h', '--help'], about: 'what it does', takesValue: false, choices: [] };

const optionWords = ({ short, long, description, required, optional, argChoices }: Option) => ({
  flags: [short, long].flatMap((flag) => flag ?? []),
  about: description,
  takesValue: required || optional,
  choices: argChoices ?? [],
});

const PROGRAM = 'bionas';

/** In single quotes, for any of the three. */
const quoted = (text: string): string => `'${text.replaceAll("'", '').replaceAll('\\', '')}'`;

/** `bionas export trials` as the key of a table. */
const keyOf = ({ path }: Words): string => [PROGRAM, ...path].join(' ');

/** Options with a value in front of the cursor: their choices, or files. */
const valueCases = (all: readonly Words[]): string[] =>
  all.flatMap((words) =>
    words.options.flatMap(({ flags, takesValue, choices }) =>
      takesValue
        ? flags.map(
            (flag) =>
              `    '${keyOf(words)} ${flag}') answer='${choices.join(' ')}'; files=${choices.length === 0 ? 1 : 0};;`,
          )
        : [],
    ),
  );

const wordCases = (all: readonly Words[]): string[] =>
  all.map((words) => {
    const names = [...words.commands.map(({ name }) => name), ...words.choices];
    const flags = words.options.flatMap((option) => option.flags);
    return `    '${keyOf(words)}') words='${names.join(' ')}'; flags='${flags.join(' ')}';;`;
  });

/** Finds the command that is typed so far, then what may follow; zsh reads the same by bashcompinit. */
const bash = (all: readonly Words[]): string =>
  [
    '_bionas() {',
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the shell's own
    "  local key='bionas' word words='' flags='' answer='' files=0 i",
    '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    word="$key ${COMP_WORDS[i]}"',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the shell's own
    '    case "$word" in',
    `      ${all
      .slice(1)
      .map((words) => `'${keyOf(words)}'`)
      .join('|')}) key="$word";;`,
    '    esac',
    '  done',
    '  case "$key $previous" in',
    ...valueCases(all),
    '  esac',
    '  case "$key" in',
    ...wordCases(all),
    '  esac',
    '  if [[ -n "$answer" ]]; then COMPREPLY=($(compgen -W "$answer" -- "$current"))',
    '  elif [[ $files == 1 ]]; then COMPREPLY=($(compgen -f -- "$current"))',
    '  elif [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))',
    '  elif [[ -n "$words" ]]; then COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  else COMPREPLY=($(compgen -f -- "$current"))',
    '  fi',
    '}',
    'complete -o filenames -F _bionas bionas',
  ].join('\n');

const zsh = (all: readonly Words[]): string =>
  ['autoload -Uz bashcompinit && bashcompinit', bash(all)].join('\n');

/** Conditions are those of fish: which command has been typed. */
function fish(all: readonly Words[]): string {
  const lines = all.flatMap((words) => {
    const when = conditionOf(words);
    const start = `complete -c ${PROGRAM} -n ${quoted(when)}`;
    return [
      ...words.commands.map(({ name, about }) => `${start} -f -a ${name} -d ${quoted(about)}`),
      ...words.choices.map((choice) => `${start} -f -a ${quoted(choice)}`),
      ...words.options.map(({ flags, about, takesValue, choices }) => {
        const names = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const values = choices.length === 0 ? '' : ` -a ${quoted(choices.join(' '))}`;
        const needs = takesValue ? (choices.length === 0 ? ' -r' : ' -x') : '';
        return `${start} ${names.join(' ')}${needs}${values} -d ${quoted(about)}`;
      }),
    ];
  });
  return lines.join('\n');
}

function conditionOf({ path, commands }: Words): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const names = commands.map(({ name }) => name).join(' ');
  return [...seen, ...(names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`])].join(
    '; and ',
  );
}

export const SHELLS = { bash, zsh, fish } as const;
export type Shell = keyof typeof SHELLS;
