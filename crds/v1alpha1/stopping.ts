// When a trial ends before its last epoch, written into its spec as data: the trainer judges its own curve by it, so that a stop
// costs no message and depends on nothing but what was known when the trial was proposed.
import { z } from 'zod';
import { EPOCHS_COMPARED } from './scheduling.ts';

export const STOPS = ['BelowMedian', 'Plateau'] as const;

export const Stopping = z.object({
  metric: z.enum(['accuracy', 'loss']).describe('Of the held-out pictures.'),
  minEpochs: z.int().min(1).max(100_000).describe('Epochs before any stop.'),
  bars: z
    .array(z.number())
    .max(EPOCHS_COMPARED)
    .optional()
    .describe(
      'What the best so far must reach, one an epoch; a shorter list binds no later epoch.',
    ),
  patience: z.int().min(1).max(100_000).optional().describe('Epochs without gain that end it.'),
  minDelta: z.number().min(0).max(1e6).optional().describe('What counts as a gain.'),
});
export type Stopping = z.infer<typeof Stopping>;
export type Stop = (typeof STOPS)[number];

/** Why a trial with this curve (one value an epoch, from the first) ends now; undefined: it goes on. */
export function stopAfter(stopping: Stopping, curve: readonly number[]): Stop | undefined {
  if (curve.length < stopping.minEpochs) return undefined;
  const bar = stopping.bars?.[curve.length - 1];
  const best = bestOf(curve, stopping.metric);
  if (bar !== undefined && gain(bar, best, stopping.metric) < 0) return 'BelowMedian';
  return isFlat(stopping, curve) ? 'Plateau' : undefined;
}

function isFlat({ patience, minDelta = 0, metric }: Stopping, curve: readonly number[]): boolean {
  if (patience === undefined || curve.length <= patience) return false;
  const before = bestOf(curve.slice(0, -patience), metric);
  const gained = gain(before, bestOf(curve.slice(-patience), metric), metric);
  return gained <= 0 || gained < minDelta;
}

/** The best value of a curve that has one. */
export const bestOf = (curve: readonly number[], metric: Stopping['metric']): number =>
  metric === 'accuracy' ? Math.max(...curve) : Math.min(...curve);

/** How much better `to` is than `from`. */
const gain = (from: number, to: number, metric: Stopping['metric']): number =>
  metric === 'accuracy' ? to - from : from - to;
