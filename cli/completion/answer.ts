// What may stand where the cursor is, of the words that are typed: for the scripts of shells, and for kubectl. Pure, but for names.
import type { ArgumentWords, NameKind, OptionWords, Words } from './words.ts';

export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

export interface Typed {
  /** The command that they have come to. */
  readonly command: Words;
  /** Its arguments that are complete. */
  readonly positionals: readonly string[];
  /** By the longest of its flags, without dashes: its value, or true. */
  readonly options: ReadonlyMap<string, string | true>;
  /** What is being typed. */
  readonly current: string;
}

/** Names of a kind; those that begin otherwise than what is typed are left out. */
export type Names = (kind: NameKind, typed: Typed) => Promise<readonly Candidate[]>;

export interface Answer {
  readonly candidates: readonly Candidate[];
  /** Whether a file may stand there as well. */
  readonly files: boolean;
}

/** `words`: what follows the name of the program; the last one is what is being typed, and may be empty. */
export async function answerTo(
  words: readonly string[],
  all: readonly Words[],
  names: Names,
): Promise<Answer> {
  const current = words.at(-1) ?? '';
  const { pending, ...before } = typedIn(words.slice(0, -1), all);
  const typed = { ...before, current };
  const { candidates, files } = await expected({ typed, pending, names });
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files };
}

interface Expecting {
  readonly typed: Typed;
  /** An option that waits for its value. */
  readonly pending: OptionWords | undefined;
  readonly names: Names;
}

async function expected({ typed, pending, names }: Expecting): Promise<Answer> {
  const { command, positionals, current } = typed;
  if (pending !== undefined) return oneOf(pending.choices);
  const [flag, value] = current.split('=', 2);
  if (value !== undefined) {
    const option = command.options.find(({ flags }) => flags.includes(flag ?? ''));
    return oneOf((option?.choices ?? []).map((choice) => `${flag}=${choice}`));
  }
  if (current.startsWith('-')) return { candidates: flagsOf(command), files: false };
  if (command.commands.length > 0)
    return {
      candidates: command.commands.map(({ name, about }) => ({ value: name, about })),
      files: false,
    };
  const argument = command.arguments[positionals.length] ?? repeated(command);
  if (argument === undefined) return { candidates: [], files: false };
  if (argument.names === undefined) return oneOf(argument.choices);
  // A search may be a directory.
  return { candidates: await names(argument.names, typed), files: argument.names === 'search' };
}

const repeated = (command: Words): ArgumentWords | undefined => {
  const last = command.arguments.at(-1);
  return last?.isRepeated ? last : undefined;
};

const oneOf = (choices: readonly string[]): Answer => ({
  candidates: choices.map((value) => ({ value })),
  files: choices.length === 0,
});

const flagsOf = ({ options }: Words): Candidate[] =>
  options.flatMap(({ flags, about }) => flags.map((value) => ({ value, about })));

/** Up to the word that is being typed. */
function typedIn(
  before: readonly string[],
  all: readonly Words[],
): Omit<Typed, 'current'> & { readonly pending: OptionWords | undefined } {
  let command = all[0] as Words;
  const positionals: string[] = [];
  const options = new Map<string, string | true>();
  let pending: OptionWords | undefined;
  for (const word of before) {
    const [flag = '', value] = word.split('=', 2);
    const option = command.options.find(({ flags }) => flags.includes(flag));
    const below = all.find(({ path }) => isBelow(path, command.path, word));
    if (pending !== undefined) options.set(nameOf(pending), word);
    else if (option !== undefined) options.set(nameOf(option), value ?? true);
    else if (below !== undefined) command = below;
    else positionals.push(word);
    const waits = pending === undefined && option?.takesValue === true && value === undefined;
    pending = waits ? option : undefined;
  }
  return { command, positionals, options, pending };
}

const isBelow = (path: readonly string[], parent: readonly string[], word: string): boolean =>
  path.length === parent.length + 1 &&
  path.at(-1) === word &&
  parent.every((name, k) => path[k] === name);

const nameOf = ({ flags }: OptionWords): string => (flags.at(-1) ?? '').replace(/^-+/, '');

/** As cobra's completions are told, which kubectl reads: a candidate a line, and whether files may follow. */
export const answerLines = ({ candidates, files }: Answer): string[] => [
  ...candidates.map(({ value, about }) => (about === undefined ? value : `${value}\t${about}`)),
  files ? ':0' : ':4',
];
