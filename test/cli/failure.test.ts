// What is told of an error, and with which exit code.
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { failureOf } from '../../cli/failure.ts';

class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly exitCode = 2;
}

class FetchError extends Error {
  override readonly name = 'FetchError';
}

const notThere = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
const refused = Object.assign(new Error('EACCES: not for you'), { code: 'EACCES' });
const HINT = 'this should not have happened; BIONAS_DEBUG=1 shows where it did';

test.each([
  ['an error of ours is one line', new FetchError('no source'), ['FetchError: no source'], 1],
  ['it may bring its exit code', new ManifestError('seed'), ['ManifestError: seed'], 2],
  ["the system's errors are expected", refused, ['EACCES: not for you'], 1],
  [
    'a file that is not there is a wrong name',
    Object.assign(notThere, { path: 'none.jsonl' }),
    ['none.jsonl: expected a file or directory, found none there'],
    2,
  ],
  ['a mistake in the code says so', new TypeError('x is 3'), ['TypeError: x is 3', HINT], 1],
  ['a nameless one too', new Error('odd'), ['odd', HINT], 1],
  ['what is no error is shown', 'odd', ['odd'], 1],
  ['wrong usage was told by commander', new CommanderError(1, 'commander.x', 'odd'), [], 2],
  ['Ctrl-C needs no word', AbortSignal.abort().reason, [], 130],
  ['help is no failure', new CommanderError(0, 'commander.help', '(help)'), [], 0],
])('%s', (_, error, lines, exitCode) => {
  expect(failureOf(error, false)).toEqual({ lines, exitCode });
});

test('for debugging the stacks are told, causes too', () => {
  const error = new ManifestError('seed', { cause: new TypeError('x is 3') });
  const { lines, exitCode } = failureOf(error, true);
  expect(exitCode).toBe(2);
  expect(lines.join('\n')).toMatch(/seed.* at .*caused by TypeError: x is 3.* at /s);
});
