// The live table's frames: what they say, and that they fit whatever window there is.
import fc from 'fast-check';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { tableLines } from '../../../cli/run/table.ts';
import { makeRungs, makeRunning, makeSnapshot } from '../../builders/snapshot.ts';

const colors = picocolors.createColors(false);
const lines = (snapshot = makeSnapshot(), width = 110, height = 40) =>
  tableLines(snapshot, { width, height, colors }).map((line) => line.trimEnd());

test('a wide window shows budget, running trials with their networks, and the best', () => {
  expect(lines()).toEqual([
    'night  Searching  2m19s, about 41s left',
    'random over nb201 on fashion-mnist',
    'trials  ██████░░░░░░░░░░░░░░░░░░  3/12  1 failed  device time 4m02s',
    '',
    'running  epoch                       loss accuracy pictures/s  network',
    '#3       ██████░░░░░░░░░░ 2/4      0.6123   78.1 %     1.05 k  avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP',
    '#4       waiting                                               avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP',
    '',
    'best     score    parameters  network',
    '1. #1    73.12 %  36.6 k      c1:BP | - c1:FA | c1:BP c1:uSF c3:FA, rest frSF',
    '2. #0    70.00 %  68.9 k      avg3 | c3:FA c3:uSF | c1:frSF - skip, rest BP',
  ]);
});

test('a search that pauses trials shows how many wait, and its rungs', () => {
  expect(lines(makeSnapshot(makeRungs())).slice(2, 4)).toEqual([
    'trials  ░░░░░░░░░░░░░░░░░░░░░░░░  0/12  7 paused  device time 4m02s',
    'rungs   1 epoch: 8, 2 on (best 73.12 %); 3 epochs: 1',
  ]);
});

test('a search with a budget of device time shows what is reserved', () => {
  const deviceBudget = { seconds: 3600, reserved: 130 };
  expect(lines(makeSnapshot({ deviceBudget }), 100)[2]).toMatch(
    /device time 4m02s of 1h00m, 2m10s reserved$/,
  );
});

test('a search with constraints shows how many are outside of them', () => {
  const trials = { ...makeSnapshot().trials, infeasible: 1 };
  expect(lines(makeSnapshot({ trials }))[2]).toBe(
    'trials  ██████░░░░░░░░░░░░░░░░░░  3/12  1 infeasible  1 failed  device time 4m02s',
  );
});

test('a window of 60 columns leaves the networks of running trials out', () => {
  expect(lines(makeSnapshot(), 60).slice(2, 7)).toEqual([
    'trials  ███░░░░░░░░░  3/12  1 failed  device time 4m02s',
    '',
    'running  epoch               loss accuracy pictures/s',
    '#3       ███░░░░░ 2/4      0.6123   78.1 %     1.05 k',
    '#4       waiting',
  ]);
});

test('validation accuracy is shown where there is one', () => {
  const { progress } = makeRunning();
  const running = [makeRunning({ progress: { ...progress!, validationAccuracy: 0.8 } })];
  expect(lines(makeSnapshot({ running }))[5]).toContain('80.0 %');
});

test('a network under attack shows which attack it is', () => {
  const { progress } = makeRunning();
  const running = [makeRunning({ progress: { ...progress!, attacks: { ended: 6, of: 24 } } })];
  expect(lines(makeSnapshot({ running }), 60)[5]).toBe('#3       ██░░░░░░ 7/24    attacks');
});

test('final networks are counted from one', () => {
  const running = [makeRunning({ purpose: 'Final', index: 5 })];
  expect(lines(makeSnapshot({ running }))[5]).toMatch(/^final 1 /);
});

test('the final stage says how far it is', () => {
  const message = '1 of 8 final trials have ended';
  expect(lines(makeSnapshot({ phase: 'Finalizing', message }))[1]).toBe(message);
});

test('before anything has happened it says so', () => {
  const { remainingSeconds: _, ...snapshot } = makeSnapshot({ running: [], best: [] });
  const shown = lines(snapshot);
  expect(shown[0]).toBe('night  Searching  2m19s');
  expect(shown).toContain('no trial is running');
  expect(shown).toContain('no trial has a score yet');
});

test('many trials leave room for the ranking and say how many are hidden', () => {
  const running = Array.from({ length: 50 }, (_, k) => makeRunning({ index: k }));
  const shown = lines(makeSnapshot({ running }), 110, 24);
  expect(shown).toContain('… and 39 more');
  expect(shown.at(-1)).toMatch(/^2\. #0/);
});

test('no frame is wider or higher than its window', () => {
  const running = fc.integer({ min: 0, max: 30 });
  const size = fc.record({
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(size, running, ({ width, height }, count) => {
      const snapshot = makeSnapshot({
        running: Array.from({ length: count }, (_, index) => makeRunning({ index })),
      });
      const frame = tableLines(snapshot, { width, height, colors });
      expect(frame.length).toBeLessThanOrEqual(height);
      for (const line of frame) expect([...line].length).toBeLessThanOrEqual(width);
    }),
  );
});

test('colours change no letter', () => {
  const painted = tableLines(makeSnapshot(), {
    width: 90,
    height: 40,
    colors: picocolors.createColors(true),
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with ESC
  const plain = painted.map((line) => line.replace(/\x1b\[[0-9;]*m/g, '').trimEnd());
  expect(painted.join('')).not.toBe(plain.join(''));
  expect(plain).toEqual(lines(makeSnapshot(), 90));
});
