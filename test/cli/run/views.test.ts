// The views at work: the table on a screen, lines in a log, JSON for programs.
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { jsonView } from '../../../cli/run/json-view.ts';
import { lineView } from '../../../cli/run/line-view.ts';
import { tableView } from '../../../cli/run/table-view.ts';
import { makeResult } from '../../builders/search-result.ts';
import { makeRungs, makeRunning, makeSnapshot } from '../../builders/snapshot.ts';
import { Screen } from './screen.ts';

const colors = picocolors.createColors(false);
const ending = { result: makeResult(), directory: 'runs/night', command: 'bionas run night.yaml' };
const three = makeSnapshot({ running: [1, 2, 3].map((index) => makeRunning({ index })) });
const one = makeSnapshot({ running: [makeRunning({ index: 9 })] });

describe('the table', () => {
  function watched(screen: Screen) {
    let columns = screen.columns;
    const size = () => ({ columns, rows: 30 });
    const view = tableView({ write: (text) => screen.write(text), size }, colors);
    return { view, narrow: (to: number) => (columns = to) };
  }

  test('a frame takes the place of the one before', () => {
    const screen = new Screen();
    screen.write('$ bionas run night.yaml\n');
    const { view } = watched(screen);
    view.update(three);
    view.update(one);
    expect(screen.lines[0]).toBe('$ bionas run night.yaml');
    expect(screen.lines.filter((line) => line.startsWith('night  Searching'))).toHaveLength(1);
    expect(screen.lines.filter((line) => line.startsWith('#'))).toHaveLength(1);
    expect(screen.lines.at(-1)).toMatch(/^2\. #0/);
  });

  test('a note stays above the table, even one that is longer than the window', () => {
    const screen = new Screen(60);
    const { view } = watched(screen);
    view.update(three);
    const note = `stopping ${'because '.repeat(12)}of that`;
    view.note(note);
    view.update(one);
    expect(screen.lines.slice(0, 2).join('')).toBe(note);
    expect(screen.lines[2]).toMatch(/^night {2}Searching/);
    expect(screen.lines.filter((line) => line.startsWith('night  '))).toHaveLength(1);
  });

  test('the summary takes the place of the table', () => {
    const screen = new Screen(90);
    const { view } = watched(screen);
    view.update(three);
    view.end(ending);
    expect(screen.lines.join('\n')).not.toContain('Searching');
    expect(screen.lines.join('\n')).toContain('test accuracy 90.66 %');
  });

  test.each([
    ['end', (view: ReturnType<typeof tableView>) => view.end(ending)],
    ['close', (view: ReturnType<typeof tableView>) => view.close()],
  ])('the cursor hides while it is live and comes back on %s', (_, leave) => {
    const screen = new Screen();
    const { view } = watched(screen);
    expect(screen.cursorShown).toBe(true);
    view.update(one);
    expect(screen.cursorShown).toBe(false);
    leave(view);
    view.close();
    expect(screen.cursorShown).toBe(true);
  });

  test('what is closed writes no more than once', () => {
    const written: string[] = [];
    const view = tableView(
      { write: (text) => written.push(text), size: () => ({ columns: 80, rows: 24 }) },
      colors,
    );
    view.update(one);
    view.close();
    const { length } = written;
    view.close();
    expect(written).toHaveLength(length);
  });

  test('a window that became narrower: the wrapped rows of the old frame are drawn over', () => {
    const written: string[] = [];
    let columns = 81;
    const view = tableView(
      { write: (text) => written.push(text), size: () => ({ columns, rows: 40 }) },
      colors,
    );
    view.update(one);
    columns = 41;
    view.update(one);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with ESC
    const rows = Number(/\x1b\[(\d+)A/.exec(written[1] ?? '')?.[1]);
    const lines = (written[0] ?? '').split('\n').length - 1;
    expect(rows).toBeGreaterThan(lines);
  });
});

test('lines: one for a phase, one for every end, none while nothing happens', () => {
  const lines: string[] = [];
  const view = lineView((line) => lines.push(line), colors);
  const { remainingSeconds: _, ...begun } = makeSnapshot({
    best: [],
    trials: { proposed: 2, succeeded: 0, infeasible: 0, failed: 0, paused: 0, budget: 12 },
  });
  view.update(begun);
  view.update({ ...begun, elapsedSeconds: 140 });
  view.update(makeSnapshot());
  view.update(makeSnapshot({ elapsedSeconds: 150 }));
  for (const ended of [0, 0, 1])
    view.update(
      makeSnapshot({ phase: 'Finalizing', message: `${ended} of 2 final trials have ended` }),
    );
  view.update(makeSnapshot({ phase: 'Completed', message: '' }));
  expect(lines).toEqual([
    'night: Searching, random over nb201 on fashion-mnist',
    '3/12 trials, 1 failed, best #1 73.12 %, 2m19s, about 41s left',
    'night: Finalizing, 0 of 2 final trials have ended',
    'night: 1 of 2 final trials have ended',
    'night: Completed',
  ]);
});

test('lines: one for every arrival at a rung', () => {
  const lines: string[] = [];
  const view = lineView((line) => lines.push(line), colors);
  const { remainingSeconds: _, ...snapshot } = makeSnapshot({ best: [], ...makeRungs() });
  view.update(snapshot);
  view.update({ ...snapshot, elapsedSeconds: 150 });
  expect(lines.slice(1)).toEqual([
    '0/12 trials, 1 epoch: 8, 2 on (best 73.12 %); 3 epochs: 1, 2m19s',
  ]);
});

test('JSON: one object a line where something changed, the result at the end', () => {
  const lines: string[] = [];
  const view = jsonView((line) => lines.push(line));
  view.update(one);
  view.update({ ...one, elapsedSeconds: 999, running: [makeRunning({ index: 9, seconds: 99 })] });
  view.update(three);
  view.note('stopping');
  view.end(ending);
  const objects = lines.map((line) => JSON.parse(line) as { type: string; result?: unknown });
  expect(objects.map(({ type }) => type)).toEqual(['snapshot', 'snapshot', 'note', 'result']);
  expect(objects.at(-1)?.result).toEqual(ending.result);
});
