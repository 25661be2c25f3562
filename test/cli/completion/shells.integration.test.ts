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
async function inShell(
  shell: string,
  program: (script: string) => string,
  scripted = shell,
): Promise<string[]> {
  const cwd = await leaveNight();
  const script = join(cwd, `bionas.${scripted}`);
  await writeFile(script, scriptOf(scripted));
  const flags = shell === 'zsh' ? ['-f'] : [];
  const run = promisify(execFile)(shell, [...flags, '-c', program(script)], { cwd, env });
  const { stdout, stderr } = await run;
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

test.skipIf(!has('bash'))('in bash', async () => {
  const ask = (...words: string[]) =>
    `COMP_LINE='${words.join(' ')} '; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(${words.join(' ')} ''); COMP_CWORD=${words.length}; _bionas; echo "\${COMPREPLY[@]}"`;
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
const TYPING = (shell: string, setUp: string) => `
zmodload zsh/zpty
zpty shell ${shell}
zpty -w shell "${setUp}; echo re''ady"
zpty -r -m shell line '*ready*'
for typed in "\${@:2}"; do
  zpty -w -n shell "$typed"$'\\t\\x0f'
  zpty -r -m shell line '*<<*>>*'
  print -r -- "\${\${line##*<<}%%>>*}|"
done
zpty -d shell`;

const IN_ZSH = TYPING(
  'zsh -f -i',
  'PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source $1; ' +
    `show() { print -r -- \\"<<\\$BUFFER>>\\"; BUFFER=; }; zle -N show; bindkey '^O' show`,
);
const IN_BASH = TYPING(
  'bash --norc --noprofile -i',
  'PS1=; source $1; show() { echo \\"<<\\$READLINE_LINE>>\\"; READLINE_LINE= READLINE_POINT=0; }; ' +
    `bind -x '\\"\\C-o\\": show'`,
);

/** By zsh, which has a terminal to lend. */
const inTyped = (shell: string, typing: string, typed: readonly string[]) => {
  const words = typed.map((text) => `'${text}'`).join(' ');
  return inShell('zsh', (script) => `set -- ${script} ${words}\n${typing}`, shell);
};

test.skipIf(!has('zsh'))('in a bash that somebody types into', async () => {
  const typed = [
    'bionas top --output=wide ni',
    'bionas top --nats nats://127.0.0.1:4222 ni',
    'bionas top night --output=ta',
    'bionas export trials night --output=p',
  ];
  expect(await inTyped('bash', IN_BASH, typed)).toEqual([
    'bionas top --output=wide night |',
    'bionas top --nats nats://127.0.0.1:4222 night |',
    'bionas top night --output=table |',
    'bionas export trials night --output=parquet |',
  ]);
});

test.skipIf(!has('zsh'))('in zsh', async () => {
  const typed = [
    'bionas top n',
    'bionas describe night night-0003',
    'bionas top runs/',
    'bionas su',
  ];
  expect(await inTyped('zsh', IN_ZSH, typed)).toEqual([
    'bionas top night |',
    'bionas describe night night-0003 |',
    'bionas top runs/night |',
    'bionas su|',
  ]);
});
