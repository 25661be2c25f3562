// Which lines of a page are commands, and what of them is typed.
import { expect, test } from 'vitest';
import { commandsOf } from './extract.ts';

const found = (...lines: string[]) =>
  commandsOf('page.md', lines.join('\n')).map(({ line, text, output }) => [line, text, ...output]);

test.each<[string, string[], [number, string, ...string[]][]]>([
  ['text around it', ['bionas top', '`bionas top`'], []],
  [
    'lines that begin with a program',
    ['```', 'bionas top night    # the best', '', 'odd --flag', '```'],
    [
      [2, 'bionas top night'],
      [4, 'odd --flag'],
    ],
  ],
  ['a block of something else', ['```', 'trials  9/16', 'bionas', '```'], []],
  ['another language', ['```yaml', 'make: it', '```'], []],
  [
    'a prompt, and what is printed below it',
    ['```console', '$ kubectl get bns', 'NAME   PHASE', '$ make cluster-down', '```'],
    [
      [2, 'kubectl get bns', 'NAME   PHASE'],
      [4, 'make cluster-down'],
    ],
  ],
  [
    'the examples of help',
    ['```', 'Usage: bionas top', '', '  bionas says', 'Examples:', '  bionas top night', '```'],
    [[6, 'bionas top night']],
  ],
  [
    'lines that go on, and variables before a program',
    ['```sh', 'A=1 \\', 'B="x y" node main.ts', '```'],
    [[2, 'A=1 \\\nB="x y" node main.ts']],
  ],
  [
    'a file that is typed',
    ['```sh', "cat > a.yaml <<'EOF'", 'kind: A', 'EOF', 'bionas run a.yaml', '```'],
    [
      [2, "cat > a.yaml <<'EOF'\nkind: A\nEOF"],
      [5, 'bionas run a.yaml'],
    ],
  ],
  ['a block within a list', ['- so:', '  ```', '  make data', '  ```'], [[3, 'make data']]],
])('%s', (_, lines, expected) => {
  expect(found(...lines)).toEqual(expected);
});
