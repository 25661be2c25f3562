// A wall clock that is set, or a machine that sleeps, and what is still known of earlier times.
import { describe, expect, test } from 'vitest';
import { ClockSteps } from '../../../operator/runtime/index.ts';
import { FakeClock } from './fake-clock.ts';

const HOUR = 3_600_000;

describe('a clock that nobody sets', () => {
  test('has run evenly ever since, however long nobody looks', async () => {
    const clock = new FakeClock();
    const steps = new ClockSteps(clock);
    const noted = clock.now();
    await clock.advance(1000 * HOUR);
    expect(steps.evenSince()).toBe(Number.NEGATIVE_INFINITY);
    expect(steps.afterStep(noted)).toBe(noted);
  });

  test('is slewed without a step', async () => {
    const clock = new FakeClock();
    const steps = new ClockSteps(clock);
    for (let i = 0; i < 100; i += 1) {
      clock.step(1_000);
      expect(steps.evenSince()).toBe(Number.NEGATIVE_INFINITY);
    }
  });
});

describe.each([10 * HOUR, -10 * HOUR, 6_000])('a clock that is set by %d ms', (by) => {
  test('runs evenly from then on, and what was noted before counts from there', async () => {
    const clock = new FakeClock();
    const steps = new ClockSteps(clock);
    const before = clock.now();
    await clock.advance(HOUR);
    clock.step(by);
    const stepped = clock.now();
    expect(steps.evenSince()).toBe(stepped);
    await clock.advance(HOUR);
    expect(steps.evenSince()).toBe(stepped);
    expect(steps.afterStep(before)).toBe(stepped);
    const after = clock.now();
    expect(steps.afterStep(after)).toBe(after);
  });
});
