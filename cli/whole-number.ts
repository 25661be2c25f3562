// The value of an option that counts something.
import { InvalidArgumentError } from 'commander';

/** A parser that throws InvalidArgumentError. */
export const atLeast =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`a whole number of at least ${least}`);
    return value;
  };

export const atLeastOne = atLeast(1);
export const wholeNumber = atLeast(0);
