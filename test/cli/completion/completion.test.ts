// `bionas completion`: the script of bash in a bash, those of others as text.
import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addCompletionCommand } from '../../../cli/completion/index.ts';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { addExportCommand } from '../../../cli/export/index.ts';
import { addTopCommand } from '../../../cli/top/index.ts';
import { verbIo } from '../../builders/verbs.ts';

function script(shell: string): string {
  const said = { out: [] as string[], err: [] as string[] };
  const program = new Command('bionas').exitOverride().version('1');
  program.configureOutput({ writeErr: () => undefined });
  const io = { ...verbIo('/', said), setExitCode: () => undefined };
  for (const add of [addTopCommand, addEditCommands, addExportCommand, addCompletionCommand])
    add(program, io);
  program.parse(['completion', shell], { from: 'user' });
  return said.out.join('\n');
}

const hasShell = (name: string) => spawnSync(name, ['-c', 'exit 0']).status === 0;

/** What bash offers for the last of the words. */
function offered(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const line = `COMP_LINE='${words.join(' ')}'; COMP_POINT=\${#COMP_LINE}`;
  const ask = `${line}; COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _bionas; echo "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script('bash')}\n${ask}`]);
  expect(String(stderr)).toBe('');
  return String(stdout).trim().split(' ');
}

describe('in bash', () => {
  test.each([
    [['bionas', 'su'], ['suspend']],
    [['bionas', 'export', 'g'], ['genotype']],
    [
      ['bionas', 'top', 'night', '-o', ''],
      ['table', 'wide', 'json', 'yaml', 'name', 'csv'],
    ],
    [
      ['bionas', 'export', 'trials', 'night', '-o', 'j'],
      ['json', 'jsonl'],
    ],
    [['bionas', 'top', 'night', '--b'], ['--by']],
    [['bionas', 'budget', 'night', '--tr'], ['--trials']],
    // Where COMP_WORDBREAKS has no `=`.
    [['bionas', 'top', 'night', '--output=js'], ['--output=json']],
    [
      ['bionas', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
  ])('%j', (words, answers) => {
    expect(offered(...words)).toEqual(answers);
  });
});

test.skipIf(!hasShell('zsh'))('zsh takes its script, where there is a zsh', () => {
  const { status, stderr } = spawnSync('zsh', [
    '-c',
    `autoload -Uz compinit; compinit -u -D; ${script('zsh')}`,
  ]);
  expect([status, String(stderr)]).toEqual([0, '']);
});

test.skipIf(!hasShell('fish'))('fish takes its script, where there is a fish', () => {
  const { status, stderr } = spawnSync('fish', ['-c', script('fish')]);
  expect([status, String(stderr)]).toEqual([0, '']);
});

test('fish is told of choices, and which options want a file', () => {
  const lines = script('fish').split('\n');
  expect(lines).toContain(
    "complete -c bionas -n '__fish_seen_subcommand_from top' -s o -l output -x -a 'table wide json yaml name csv' -d 'how it is printed'",
  );
  expect(lines.find((line) => line.includes('-l kubeconfig'))).toContain(' -r ');
});

test('another shell is refused with those that there are', () => {
  expect(() => script('tcsh')).toThrow(/Allowed choices are bash, zsh, fish/);
});
