// The value of an option that counts something.
import { InvalidArgumentError } from 'commander';

/** Throws InvalidArgumentError. */
export const atLeastOne = (text: string): number =>
  numberFrom(1, text, 'a whole number of at least 1');

/** Throws InvalidArgumentError. */
export const wholeNumber = (text: string): number => numberFrom(0, text, 'a whole number');

function numberFrom(least: number, text: string, expected: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(expected);
  return value;
}
