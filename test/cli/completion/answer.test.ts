// What may stand where the cursor is: of the real tree of commands, with names that the test makes up.
import { expect, test } from 'vitest';
import { answerLines, answerTo, type Typed } from '../../../cli/completion/answer.ts';
import { complete } from '../../../cli/completion/index.ts';
import { wordsOf } from '../../../cli/completion/words.ts';
import { createProgram, type ProgramIo } from '../../../cli/program.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { verbIo } from '../../builders/verbs.ts';

const program = createProgram({ cache: '' } as ProgramIo);
const WORDS = wordsOf(program);

async function asked(...words: string[]) {
  const looked: [string, Typed][] = [];
  const answer = await answerTo(words, WORDS, async (kind, typed) => {
    looked.push([kind, typed]);
    return [{ value: 'night' }, { value: 'noon', about: 'Searching' }, { value: 'day' }];
  });
  return { looked, values: answer.candidates.map(({ value }) => value), ...answer };
}

test.each<[string[], string[]]>([
  [['su'], ['suspend', 'support-bundle']],
  [['export', 'ge'], ['genotype']],
  [['top', 'night', '-o', 'y'], ['yaml']],
  [
    ['top', '-o', 'json', 'n'],
    ['night', 'noon'],
  ],
  [
    ['export', 'trials', 'night', '--output=j'],
    ['--output=json', '--output=jsonl'],
  ],
  [['top', 'night', '--b'], ['--by']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['top', 'night', ''], []],
  [['no-such-command', ''], WORDS[0]!.commands.map(({ name }) => name)],
])('%j', async (words, values) => {
  expect((await asked(...words)).values).toEqual(values);
});

test('names are looked up as the argument and the flags before it say', async () => {
  const { looked, values } = await asked('describe', '-n', 'team-a', '--cluster', 'night', 'n');
  const [[kind, { positionals, options }]] = looked as [[string, Typed]];
  expect([kind, positionals, [...options]]).toEqual([
    'trial',
    ['night'],
    [
      ['namespace', 'team-a'],
      ['cluster', true],
    ],
  ]);
  expect(values).toEqual(['night', 'noon']);
});

test.each<[string[], boolean]>([
  [['run', ''], true],
  [['top', 'd'], true],
  [['describe', 'night', ''], false],
  [['top', 'night', '--kubeconfig', ''], true],
  [['top', 'night', '-o', ''], false],
  [['top', '-'], false],
])('whether a file may stand there: %j %s', async (words, files) => {
  expect((await asked(...words)).files).toBe(files);
});

test('it is told as kubectl reads it', () => {
  const candidates = [{ value: 'night' }, { value: 'noon', about: 'Searching' }];
  expect(answerLines({ candidates, files: true })).toEqual(['night', 'noon\tSearching', ':0']);
});

async function completed(...words: string[]) {
  const said = { out: [] as string[], err: [] as string[] };
  await complete(program, words, verbIo(await leaveNight(), said));
  expect(said.err).toEqual([]);
  return said.out;
}

test('searches are those of runs/, by the short name or the directory', async () => {
  expect(await completed('top', 'n')).toEqual(['night\tFinalizing, 4 of 50 trials', ':0']);
  expect(await completed('top', 'runs/')).toEqual(['runs/night\tFinalizing, 4 of 50 trials', ':0']);
});

test('trials are told with what they came to', async () => {
  const out = await completed('logs', 'runs/night', 'night-000');
  expect(out.slice(3)).toEqual(['night-0003\tFailed', 'night-0004\tRunning', ':4']);
  expect(out[0]).toMatch(/^night-0000\tTrained \d\d\.\d\d %$/);
});

test('what cannot be had is left out', async () => {
  expect(await completed('logs', 'no-such-run', '')).toEqual([':4']);
  expect(await completed('top', '--kubeconfig', '/no/such/file', '')).toEqual([':0']);
});

test('so is what takes too long', async () => {
  const said = { out: [] as string[], err: [] as string[] };
  const clock = { ...systemClock, sleep: async () => undefined };
  await complete(program, ['top', ''], { ...verbIo(await leaveNight(), said), clock });
  expect(said.out).toEqual([':0']);
});
