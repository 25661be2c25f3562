// The pages whose commands are run, and the kinds of their commands.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, commandsOf, filesOf, type ShownFile } from './extract.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');

const PAGES = ['README.md', 'docs/**/*.md', 'examples/**/*.md', 'charts/*/*.md'];

export const COMMANDS: readonly Command[] = PAGES.flatMap((pattern) =>
  globSync(pattern, { cwd: ROOT }),
)
  .toSorted()
  .flatMap((page) => commandsOf(page, textOf(page)));

export const shownFiles = (page: string): ShownFile[] => filesOf(textOf(page));

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

const OF_A_CLUSTER = [
  /(?:^|[\s(|])(?:kubectl|helm) /,
  /^bionas (?:backup|restore) /,
  /^bionas .* (?:-n|-A|--cluster|--context)(?: |$)/,
];

export const needsCluster = ({ text }: Command): boolean =>
  OF_A_CLUSTER.some((pattern) => pattern.test(text));

/** As tables name a command: in one line. */
export const named = ({ text }: Pick<Command, 'text'>): string =>
  text.replaceAll(/\s*\\?\n\s*/g, ' ');

/** What a command of a cluster calls a namespace. */
export const NAMESPACE = /(?<=(?: -n| --namespace| create namespace) )[a-z][a-z-]+/g;

/** Those that commands name and do not make. */
export function namespacesOf(commands: readonly Command[]): string[] {
  const texts = commands.map(({ text }) => text);
  const made = texts.flatMap((text) => /kubectl create namespace (\S+)/.exec(text)?.[1] ?? []);
  const all = new Set(texts.flatMap((text) => text.match(NAMESPACE) ?? []));
  return [...all].filter((name) => !made.includes(name));
}
