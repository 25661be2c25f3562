// Names by TAB in the shells themselves: the scripts ask the program that stands in bin/.
import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { leaveNight } from '../../builders/night-run.ts';

const BIN = resolve(import.meta.dirname, '../../../bin');
const env = {
  ...process.env,
  BIONAS_COMPLETION_SECONDS: '60',
  PATH: `${BIN}${delimiter}${process.env['PATH']}`,
};

const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

function scriptOf(shell: string): string {
  const out: string[] = [];
  const program = createProgram({ cache: '', out: (line: string) => out.push(line) } as never);
  program.parse(['completion', shell], { from: 'user' });
  return out.join('\n');
}

/** In a folder that has runs/night. */
async function inShell(shell: string, program: (script: string) => string): Promise<string[]> {
  const cwd = await leaveNight();
  const script = join(cwd, `bionas.${shell}`);
  await writeFile(script, scriptOf(shell));
  const flags = shell === 'zsh' ? ['-f'] : [];
  const run = promisify(execFile)(shell, [...flags, '-c', program(script)], { cwd, env });
  const { stdout, stderr } = await run;
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

test.skipIf(!has('bash'))('in bash', async () => {
  const ask = (...words: string[]) =>
    `COMP_WORDS=(${words.join(' ')} ''); COMP_CWORD=${words.length}; _bionas; echo "\${COMPREPLY[@]}"`;
  const asks = [ask('bionas', 'top'), ask('bionas', 'describe', 'night'), ask('bionas', 'plan')];
  expect(await inShell('bash', (script) => `. ${script}; ${asks.join('; ')}`)).toEqual([
    'night',
    'night-0000 night-0001 night-0002 night-0003 night-0004 night-final-0',
    'bionas.bash runs',
  ]);
});

test.skipIf(!has('fish'))('in fish', async () => {
  const lines = await inShell(
    'fish',
    (script) =>
      `source ${script}; complete -C 'bionas top ni'; complete -C 'bionas logs night night-0003'`,
  );
  expect(lines).toEqual(['night\tFinalizing, 4 of 50 trials', 'night-0003\tFailed']);
});

/** Types into a shell of its own, and tells what is there after each TAB. */
const TYPING = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source $1"
zpty -w shell "show() { print -r -- \\"<<\\$BUFFER>>\\"; BUFFER=; }; zle -N show; bindkey '^X' show; print -r -- re''ady"
zpty -r -m shell line '*ready*'
for typed in "\${@:2}"; do
  zpty -w -n shell "$typed"$'\\t\\x18'
  zpty -r -m shell line '*<<*>>*'
  print -r -- "\${\${line##*<<}%%>>*}|"
done
zpty -d shell`;

test.skipIf(!has('zsh'))('in zsh', async () => {
  const typed = [
    'bionas top n',
    'bionas describe night night-0003',
    'bionas top runs/',
    'bionas su',
  ];
  const words = typed.map((text) => `'${text}'`).join(' ');
  expect(await inShell('zsh', (script) => `set -- ${script} ${words}\n${TYPING}`)).toEqual([
    'bionas top night |',
    'bionas describe night night-0003 |',
    'bionas top runs/night |',
    'bionas su|',
  ]);
});
