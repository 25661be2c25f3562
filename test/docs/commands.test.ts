// Commands and targets of make in README, docs and examples, also within sentences: each is there. test/docs/commands runs those of
// blocks; a sentence that names a flag that is gone is found here.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram, type ProgramIo } from '../../cli/program.ts';
import { openRepository, readPages } from '../../scripts/docs-site/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'charts/*/*.md', 'benchmarks/**/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .toSorted();

interface Said {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

const linesOf = (page: string): Said[] =>
  readFileSync(join(ROOT, page), 'utf8')
    .split('\n')
    .map((text, k) => ({ page, line: k + 1, text }));

/** Lines of fenced blocks, those that go on after a backslash as one; and code within text. */
function codeIn(page: string): Said[] {
  const found: Said[] = [];
  let fenced = false;
  let begun: Said | undefined;
  for (const said of linesOf(page)) {
    if (said.text.trimStart().startsWith('```')) fenced = !fenced;
    else if (!fenced)
      for (const [, text = ''] of said.text.matchAll(/`([^`]+)`/g)) found.push({ ...said, text });
    else {
      const whole = begun === undefined ? said : { ...begun, text: `${begun.text} ${said.text}` };
      begun = undefined;
      if (whole.text.endsWith('\\')) begun = { ...whole, text: whole.text.slice(0, -1) };
      else found.push(whole);
    }
  }
  return found;
}

const CODE = PAGES.flatMap(codeIn);
const at = ({ page, line, text }: Said) => `${page}:${line}: ${text.trim()}`;

/** Words up to the first that the shell takes for itself. */
function wordsOf(text: string): string[] {
  const words = text.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  const end = words.findIndex((word) => /^(?:#|[|&;<>]|2>)/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/^['"]|['"]$/g, ''));
}

const COMMAND =
  /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:(?:\S*\/)?bionas|kubectl[ -]bionas) (?<rest>\S.*)$/;
const commands = CODE.flatMap((said) => {
  const rest = COMMAND.exec(said.text)?.groups?.['rest'];
  return rest === undefined ? [] : [{ said, words: wordsOf(rest) }];
});

/** What is wrong with it: a word for a command, an option, or what an option takes. */
function flawOf(words: readonly string[]): string | undefined {
  let command: Command = createProgram({ cache: '' } as ProgramIo);
  let rest = [...words];
  while (command.commands.length > 0) {
    const [name = '', ...others] = rest;
    // `bionas --version`, and the verb of which a sentence speaks alone.
    if (name.startsWith('-') || name === '' || name === 'help') return undefined;
    const next = command.commands.find((each) => each.name() === name);
    if (next === undefined) return isPlaceholder(name) ? undefined : `no command ${name}`;
    [command, rest] = [next, others];
  }
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    const { unknown } = command.parseOptions(rest);
    return unknown.filter((word) => word !== '--help')[0];
  } catch (error) {
    // A sentence may name a flag alone.
    const isNamed = rest.at(-1)?.startsWith('--') && String(error).includes('argument missing');
    return isNamed || rest.some(isPlaceholder) ? undefined : String(error);
  }
}

/** `N`, `[--flag]`, `...`, `run|plan`. */
const isPlaceholder = (word: string): boolean => /^[A-Z][A-Z_-]*$|[[\]{}|]|\.\.\./.test(word);

test.each([
  ['run --nope FILE', '--nope'],
  ['walk', 'no command walk'],
  ['top night -o verse', 'CommanderError'],
  ['top night -k N', undefined],
  ['export trials night -o csv', undefined],
])('bionas %s: %s', (text, flaw) => {
  if (flaw === undefined) expect(flawOf(wordsOf(text))).toBeUndefined();
  else expect(flawOf(wordsOf(text))).toContain(flaw);
});

test('every command that a page names is one, with its options', () => {
  expect(commands.length).toBeGreaterThan(100);
  const flaws = commands.flatMap(({ said, words }) => {
    const flaw = flawOf(words);
    return flaw === undefined ? [] : [`${at(said)} (${flaw})`];
  });
  expect(flaws).toEqual([]);
});

test('every target of make that a page names is one', () => {
  const targets = readFileSync(join(ROOT, 'Makefile'), 'utf8').match(/^[a-z][a-z0-9-]*(?=:)/gm);
  const named = CODE.flatMap((said) => {
    const target = /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/.exec(said.text)?.[1];
    return target === undefined ? [] : [{ said, target }];
  });
  expect(named.length).toBeGreaterThan(20);
  expect(
    named.filter(({ target }) => !targets?.includes(target)).map(({ said }) => at(said)),
  ).toEqual([]);
});

test('every link leads somewhere, and every equation can be read', () => {
  expect(() => readPages(openRepository(ROOT))).not.toThrow();
});
