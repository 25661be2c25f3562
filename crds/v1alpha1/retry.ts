// What a search makes of trials that fail by their own fault: another attempt, or none.
import { z } from 'zod';

/** As many trials may be wanted again at one time. */
export const MOST_WANTED_AGAIN = 1000;

export const Retry = z.object({
  limit: z
    .int()
    .min(0)
    .max(100)
    .default(1)
    .describe(
      'Further attempts of a trial that failed by its own fault. Evictions, preemptions and lost nodes cost none.',
    ),
  never: z
    .array(z.string().min(3).max(256))
    .max(32)
    .default([
      'CUDA out of memory',
      'CUDA_ERROR_OUT_OF_MEMORY',
      'OOM when allocating tensor',
      'Out of memory while trying to allocate',
    ])
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe(
      "Texts, in any case, that forbid another attempt where the trainer's last words contain one.",
    ),
  trials: z
    .array(z.int().min(0))
    .max(MOST_WANTED_AGAIN)
    .meta({ 'x-kubernetes-list-type': 'set' })
    .optional()
    .describe(
      'Indices of trials that failed, each to be proposed once more as a new trial of its own, of the budget like any other: bionas retry. One that has not failed is passed over.',
    ),
});
export type Retry = z.infer<typeof Retry>;

/** Of a spec, for another search: what is to be tried again are trials of this one. */
export function withoutWantedAgain<Spec extends { readonly retry: Retry }>(spec: Spec): Spec {
  const { trials: _, ...retry } = spec.retry;
  return { ...spec, retry };
}
