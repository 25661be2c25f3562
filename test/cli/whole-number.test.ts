import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { atLeast } from '../../cli/whole-number.ts';

test.each([
  ['1', 1],
  ['100', 100],
])('%s is from 1 to 100', (text, value) => {
  expect(atLeast(1, 100)(text)).toBe(value);
});

test.each(['0', '101', '1.5', 'many'])('%s is not', (text) => {
  expect(() => atLeast(1, 100)(text)).toThrow(InvalidArgumentError);
  expect(() => atLeast(1, 100)(text)).toThrow('a whole number from 1 to 100');
});
