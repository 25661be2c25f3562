// The scripts of three shells. They complete commands, options and choices by themselves, at once; for the names of searches and
// trials they ask the program. Pure.
import type { Words } from './words.ts';

const PROGRAM = 'bionas';
/** What the program is asked by: `bionas __complete WORD...`, the last of them as far as it is typed. */
export const ASK = '__complete';

/** In single quotes, for any of the three. */
const quoted = (text: string): string => `'${text.replaceAll("'", '').replaceAll('\\', '')}'`;

/** `bionas export trials` as the key of a table. */
const keyOf = ({ path }: Words): string => [PROGRAM, ...path].join(' ');

const hasNames = (words: Words): boolean => words.arguments.some(({ names }) => names);

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
    const next = [
      ...words.commands.map(({ name }) => name),
      ...(words.arguments[0]?.choices ?? []),
    ];
    const flags = words.options.flatMap((option) => option.flags);
    const names = hasNames(words) ? '; names=1' : '';
    return `    '${keyOf(words)}') next='${next.join(' ')}'; flags='${flags.join(' ')}'${names};;`;
  });

/** Of the words before the cursor: the command that they have come to, and what may follow. As bash and zsh both read it. */
const typed = (all: readonly Words[]): string[] => [
  '_bionas_typed() {',
  "  local word last=''",
  "  key='bionas' next='' flags='' answer='' files=0 names=0",
  '  for word in "$@"; do',
  '    case "$key $word" in',
  `      ${all
    .slice(1)
    .map((words) => `'${keyOf(words)}'`)
    .join('|')}) key="$key $word";;`,
  '    esac',
  '    last="$word"',
  '  done',
  '  case "$key $last" in',
  ...valueCases(all),
  '  esac',
  '  case "$key" in',
  ...wordCases(all),
  '  esac',
  '}',
];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the shells' own
/** Bash cuts words at `=` and `:` unless COMP_WORDBREAKS says otherwise: what no space parts in the line is one word. */
const BASH_WORDS = [
  '_bionas_words() {',
  '  local line="${COMP_LINE:0:COMP_POINT}" word gap k',
  '  for ((k = 0; k <= COMP_CWORD; k++)); do',
  '    word="${COMP_WORDS[k]}"',
  '    gap="${line%%[![:space:]]*}"',
  '    line="${line#"$gap"}"',
  '    line="${line#"$word"}"',
  '    if [[ $k == 0 || -n "$gap" ]]; then words+=("$word")',
  '    else words[${#words[@]}-1]+="$word"; fi',
  '  done',
  '}',
];

const bash = (all: readonly Words[]): string =>
  [
    ...typed(all),
    ...BASH_WORDS,
    '_bionas() {',
    '  local key next flags answer files names line program="${COMP_WORDS[0]/#\\~/$HOME}"',
    "  local -a words; local current flag=''",
    '  _bionas_words',
    '  current="${words[${#words[@]}-1]}"',
    '  words=("${words[@]:1:${#words[@]}-2}")',
    '  if [[ "$current" == -*=* ]]; then',
    '    words+=("${current%%=*}")',
    '    [[ "${COMP_WORDS[COMP_CWORD]}" == -*=* ]] && flag="${current%%=*}="',
    '    current="${current#*=}"',
    '  fi',
    '  _bionas_typed "${words[@]}"',
    '  COMPREPLY=()',
    '  if [[ -n "$answer" ]]; then COMPREPLY=($(compgen -W "$answer" -- "$current"))',
    '  elif [[ $files == 1 ]]; then COMPREPLY=($(compgen -f -- "$current"))',
    '  elif [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))',
    '  elif [[ -n "$next" ]]; then COMPREPLY=($(compgen -W "$next" -- "$current"))',
    '  else',
    '    if [[ $names == 1 ]]; then while IFS= read -r line; do',
    '      [[ "$line" == :* ]] || COMPREPLY+=("${line%%$\'\\t\'*}")',
    `    done < <("$program" ${ASK} "\${words[@]}" "$current" 2>/dev/null); fi`,
    '    [[ ${#COMPREPLY[@]} == 0 ]] && COMPREPLY=($(compgen -f -- "$current"))',
    '  fi',
    '  COMPREPLY=("${COMPREPLY[@]/#/$flag}")',
    '}',
    'complete -o filenames -F _bionas bionas',
  ].join('\n');

const zsh = (all: readonly Words[]): string =>
  [
    ...typed(all),
    '_bionas() {',
    '  local key next flags answer files names line',
    '  local -a found',
    '  _bionas_typed "${(@)words[2,CURRENT-1]}"',
    '  if [[ -n $answer ]]; then compadd -- ${=answer}',
    '  elif [[ $files == 1 ]]; then _files',
    '  elif [[ $PREFIX == -* ]]; then compadd -- ${=flags}',
    '  elif [[ -n $next ]]; then compadd -- ${=next}',
    '  else',
    '    if [[ $names == 1 ]]; then',
    `      for line in "\${(@f)$(\${~words[1]} ${ASK} "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do`,
    '        [[ -z $line || $line == :* ]] || found+=("${${line//:/\\\\:}/$\'\\t\'/:}")',
    '      done',
    '    fi',
    '    if (( $#found )); then _describe bionas found; else _files; fi',
    '  fi',
    '}',
    'compdef _bionas bionas',
  ].join('\n');
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the shells' own

const FISH_NAMES = [
  'function __bionas_names',
  '  set -l typed (commandline -opc)',
  '  set -l current (commandline -ct)',
  `  $typed[1] ${ASK} $typed[2..-1] "$current" 2>/dev/null | string match -v ':*'`,
  'end',
];

/** Conditions are those of fish: which command has been typed. */
function fish(all: readonly Words[]): string {
  const lines = all.flatMap((words) => {
    const when = conditionOf(words);
    const start = `complete -c ${PROGRAM} -n ${quoted(when)}`;
    return [
      ...words.commands.map(({ name, about }) => `${start} -f -a ${name} -d ${quoted(about)}`),
      ...(words.arguments[0]?.choices ?? []).map((choice) => `${start} -f -a ${quoted(choice)}`),
      ...(hasNames(words) ? [`${start} -a '(__bionas_names)'`] : []),
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
  return [...FISH_NAMES, ...lines].join('\n');
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
