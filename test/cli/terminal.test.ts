// When colours are used and frames are drawn over.
import { expect, test } from 'vitest';
import { terminalOf, wantsColor } from '../../cli/terminal.ts';

const pipe = { write: () => true };
const tty = { ...pipe, isTTY: true, columns: 100, rows: 30 };

test.each([
  ['a terminal', tty, {}, true],
  ['a pipe', pipe, {}, false],
  ['a terminal that can nothing', tty, { TERM: 'dumb' }, false],
  ['NO_COLOR', tty, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', tty, { NO_COLOR: '' }, true],
  ['FORCE_COLOR into a pipe', pipe, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false],
  ['both', pipe, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
])('colours: %s', (_, output, env, wanted) => {
  expect(wantsColor(env, output)).toBe(wanted);
});

test.each([
  ['a terminal', tty, {}, { columns: 100, rows: 30 }],
  ['a terminal without colours', tty, { NO_COLOR: '1' }, { columns: 100, rows: 30 }],
  ['a terminal that knows no size', { ...pipe, isTTY: true }, {}, { columns: 80, rows: 24 }],
  ['a pipe, even with colours', pipe, { FORCE_COLOR: '1' }, undefined],
  ['a terminal that can nothing', tty, { TERM: 'dumb' }, undefined],
])('redraws: %s', (_, output, env, size) => {
  expect(terminalOf(env, output)?.size()).toEqual(size);
});
