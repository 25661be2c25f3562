// How much a search may spend, and what it does when a limit is reached: it starts nothing more and concludes.
import { z } from 'zod';

/** Go's duration text, as Kubernetes writes it. */
export const Duration = z
  .string()
  .max(32)
  .regex(/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/, 'a duration such as 90m or 1h30m');

export const Budget = z
  .object({
    trials: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(50)
      .describe('Search trials in all, failed ones included.'),
    wallClock: Duration.optional().describe('Time since the search began, such as 90m or 12h.'),
    gpuHours: z
      .number()
      .gt(0)
      .max(1e9)
      .optional()
      .describe(
        'Device time of all trials together, final ones too, in hours: run time of Pods times devices. It is reserved before a trial starts; a trial that finds nothing left is ended.',
      ),
    failedTrials: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(5)
      .describe('Failed trials after which the search fails.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "!has(self.wallClock) || duration(self.wallClock) > duration('0s')",
        message: 'wallClock is longer than nothing',
        fieldPath: '.wallClock',
      },
    ],
  });
export type Budget = z.infer<typeof Budget>;

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration such as `1h30m`. */
export function durationMs(text: string): number {
  return [...text.matchAll(/([0-9.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS],
    0,
  );
}
