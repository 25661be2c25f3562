// The value of an option that counts something.
import { InvalidArgumentError } from 'commander';

/** Throws InvalidArgumentError. */
export function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number of at least 1');
  return value;
}
