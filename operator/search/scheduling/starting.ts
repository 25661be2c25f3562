// What schedulers share that pause no trial: a free place is for a new network, always.
import type { Next, Planned } from './scheduler.ts';

/** A promotion was asked for that this scheduler cannot have decided. */
export class PromotionError extends Error {
  override readonly name = 'PromotionError';
  readonly index: number;

  constructor(index: number, why: string) {
    super(`trial ${index}: expected a promotion that the scheduler decides, got one ${why}`);
    this.index = index;
  }
}

export const neverPromotes = {
  decide: (_state: unknown, { mayStart }: { readonly mayStart: boolean }): Next => ({
    kind: mayStart ? 'start' : 'none',
  }),
  promote: (_state: unknown, index: number): Planned<never> => {
    throw new PromotionError(index, 'of a scheduler that promotes none');
  },
} as const;
