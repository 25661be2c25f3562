import { expect, test } from 'vitest';
import { Turnaround } from '../../../../operator/reconcilers/observing/index.ts';
import { noMetrics } from '../../../../operator/runtime/index.ts';
import { FakeClock } from '../../runtime/fake-clock.ts';

function watched() {
  const clock = new FakeClock();
  const seconds: number[] = [];
  const observe = (_name: string, value: number) => void seconds.push(value);
  const turnaround = new Turnaround({ clock, metrics: { ...noMetrics, observe } });
  return { clock, seconds, turnaround };
}

test('each place that is filled anew is measured from the report that freed it', async () => {
  const { clock, seconds, turnaround } = watched();
  turnaround.arrived('a');
  await clock.advance(1000);
  turnaround.arrived('b');
  await clock.advance(500);
  turnaround.filled(['a', 'b'], 2);
  expect(seconds).toEqual([1.5, 0.5]);
});

test('a place that stays free is not measured when it is filled much later', async () => {
  const { clock, seconds, turnaround } = watched();
  turnaround.arrived('a');
  turnaround.filled(['a'], 0);
  await clock.advance(3_600_000);
  turnaround.filled(['a'], 1);
  turnaround.filled([], 1);
  expect(seconds).toEqual([]);
});

test('of a trial that failed, tried again and succeeded, its last report counts', async () => {
  const { clock, seconds, turnaround } = watched();
  turnaround.arrived('a');
  await clock.advance(60_000);
  turnaround.arrived('a');
  await clock.advance(100);
  turnaround.filled(['a'], 1);
  expect(seconds).toEqual([0.1]);
});

test('ends that no search asks for are forgotten, the oldest first', () => {
  const { seconds, turnaround } = watched();
  for (let i = 0; i < 10_001; i += 1) turnaround.arrived(`trial ${i}`);
  turnaround.filled(['trial 0', 'trial 1'], 2);
  expect(seconds).toEqual([0]);
});
