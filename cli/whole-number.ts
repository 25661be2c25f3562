// The value of an option that counts something.
import { InvalidArgumentError } from 'commander';

/** A parser that throws InvalidArgumentError. */
export const atLeast =
  (least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(
        most === Number.POSITIVE_INFINITY
          ? `Expected a whole number of at least ${least}`
          : `Expected a whole number from ${least} to ${most}`,
      );
    return value;
  };

export const atLeastOne = atLeast(1);
export const wholeNumber = atLeast(0);
