// The account of device time: what is reserved, who lives on what is left over, and that no budget is overspent.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Claim,
  claimed,
  finalStageSeconds,
  mayTrainFinal,
  type Overdraft,
  overdrawn,
} from '../../../operator/search/index.ts';
import { makeSearch } from '../../builders/objects.ts';

/** Spent and expected, on one device; a trial without a Pod holds none. */
const claim = (index: number, spent: number, expected?: number, devices = 1): Claim => ({
  index,
  spent,
  devices,
  ...(expected === undefined ? {} : { expected }),
});

test.each<[string, Claim[], number, number]>([
  ['what is expected beyond what was spent', [claim(0, 10, 30), claim(1, 0, 30)], 100, 50],
  ['nothing for a trial that took longer', [claim(0, 40, 30)], 100, 0],
  ['all that is left where nobody knows', [claim(0, 10)], 100, 100],
  ['nothing of nothing', [claim(0, 10)], -5, 0],
])('reserves %s', (_what, claims, left, want) => {
  expect(claimed(claims, left)).toBe(want);
});

describe('who ends', () => {
  test.each<[string, Claim[], number, Overdraft]>([
    [
      'nobody while all keep to what was expected',
      [claim(0, 10, 30), claim(1, 0, 30)],
      50,
      {
        ended: [],
        seconds: 20,
      },
    ],
    [
      'nobody who lives on what is left over',
      [claim(0, 30, 30), claim(1, 0, 30)],
      40,
      {
        ended: [],
        seconds: 10,
      },
    ],
    [
      'who took too long, once the rest is the others',
      [claim(0, 40, 30), claim(1, 10, 30)],
      20,
      {
        ended: [0],
      },
    ],
    ['all, with the last of it', [claim(0, 40, 30), claim(1, 10, 30)], 0, { ended: [0, 1] }],
    ['the first one with the last of it only', [claim(0, 40)], 10, { ended: [], seconds: 10 }],
    ['nobody, and nothing is due, while no Pod runs', [claim(0, 40, 30, 0)], 10, { ended: [] }],
    ['sooner on two devices', [claim(0, 0, 30, 2)], 100, { ended: [], seconds: 15 }],
    [
      'nobody where expectations rose above what is left',
      [claim(0, 5, 30), claim(1, 5, 30)],
      20,
      {
        ended: [],
        seconds: 10,
      },
    ],
  ])('%s', (_what, claims, left, want) => {
    expect(overdrawn(claims, left)).toEqual(want);
  });
});

describe('the final stage', () => {
  const dataset = { name: 'fashion-mnist', trainPictures: 6000 };
  const spec = (final: Record<string, unknown>, budget = {}) =>
    makeSearch({ dataset, training: { epochs: 2 }, final, budget: { trials: 9, ...budget } }).spec;

  test.each([
    ['nothing without one', { topK: 0 }, 0],
    ['ten times the pictures', { topK: 1 }, 200],
    ['every network, seed and control', { topK: 2, seeds: 2, controls: { random: 1 } }, 1600],
    [
      'longer trainings of wider networks',
      { topK: 1, training: { epochs: 6, channels: 32 } },
      2400,
    ],
    ['deeper networks', { topK: 1, training: { cells: 10 } }, 400],
  ])('needs %s', (_what, final, want) => {
    expect(finalStageSeconds(spec(final), 10)).toBe(want);
  });

  test('has half of the budget at most', () => {
    expect(finalStageSeconds(spec({ topK: 1 }, { gpuHours: 0.1 }), 10)).toBe(180);
  });
});

/** Trials one after the other, as many at once as the account allows; gives what they took together. */
function spend(durations: readonly number[], budget: number, devices: number): number {
  const spec = { budget: { trials: 9, failedTrials: 9, gpuHours: budget / 3600 } };
  const waiting = [...durations];
  let running: { index: number; spent: number; takes: number }[] = [];
  let ended = 0;
  let most: number | undefined;
  const claims = () => running.map(({ index, spent }) => claim(index, spent, most, devices));
  const used = () => running.reduce((sum, { spent }) => sum + spent, ended);
  const leave = (gone: (trial: (typeof running)[number]) => boolean) => {
    for (const { spent } of running.filter(gone)) ended += spent;
    running = running.filter((trial) => !gone(trial));
  };
  for (let index = 0; ; ) {
    for (;;) {
      const reserved = {
        outstanding: claimed(claims(), budget - used()),
        final: 0,
        ...(most === undefined ? {} : { next: most }),
      };
      const input = { spec, deviceSeconds: used(), outstanding: running.length, reserved };
      if (waiting.length === 0 || mayTrainFinal(input).kind !== 'propose') break;
      running.push({ index: index++, spent: 0, takes: waiting.shift() ?? 0 });
    }
    if (running.length === 0) return ended;
    const { ended: over, seconds = Number.POSITIVE_INFINITY } = overdrawn(
      claims(),
      budget - used(),
    );
    if (over.length > 0) leave((trial) => over.includes(trial.index));
    else {
      const first = Math.min(...running.map(({ spent, takes }) => (takes - spent) / devices));
      const step = Math.max(1e-3, Math.min(first, seconds));
      running = running.map((trial) => ({ ...trial, spent: trial.spent + step * devices }));
      for (const { spent, takes } of running)
        if (spent >= takes - 1e-9) most = Math.max(most ?? 0, spent);
      leave(({ spent, takes }) => spent >= takes - 1e-9);
    }
  }
}

test('no budget is overspent, however long trials take, by more than the moments at which one looks', () => {
  const seconds = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(
      fc.array(seconds, { maxLength: 30 }),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 8 }),
      (durations, budget, devices) => {
        const took = spend(durations, budget, devices);
        // Each of the trials that run may be seen a millisecond late.
        expect(took).toBeLessThanOrEqual(budget + 30 * devices * 1e-3);
        const all = durations.reduce((sum, each) => sum + each, 0);
        if (durations.length > 0) expect(took).toBeGreaterThan(0);
        expect(took).toBeLessThanOrEqual(all + 30 * devices * 1e-3);
      },
    ),
  );
});
