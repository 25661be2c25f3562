// A source that hands its files to people with an account there, so that `fetch` can only say what to do.
import type { DatasetSource } from './source.ts';
import { SourceError } from './source-error.ts';

export interface Registered {
  /** Where the account is had. */
  readonly address: string;
  /** What to take from there, and where it goes. */
  readonly byHand: (directory: string) => string;
}

export function registered({ address, byHand }: Registered): DatasetSource {
  return {
    title: address,
    byHand,
    obtain: async () => {
      throw new SourceError('gives its files to people with an account alone');
    },
  };
}
