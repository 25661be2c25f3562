// The live table on a terminal: each frame is written over the one before, in one write, with the cursor hidden.
import type { Snapshot } from './snapshot.ts';
import { summaryLines } from './summary.ts';
import { type Colors, tableLines } from './table.ts';
import type { View } from './view.ts';

export interface Terminal {
  write(text: string): void;
  /** Of the window as it is now. */
  size(): { readonly columns: number; readonly rows: number };
}

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** Terminals that know it show a frame at once; others ignore it. */
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : '');

export function tableView(terminal: Terminal, colors: Colors): View {
  let drawn: readonly string[] = [];
  let hidden = false;
  let last: Snapshot | undefined;

  const draw = (snapshot: Snapshot | undefined, above: readonly string[] = []): void => {
    const { columns, rows } = terminal.size();
    // The last column is left free: a full line makes some terminals wrap.
    const frame = { width: columns - 1, height: rows - 1, colors };
    const lines = snapshot === undefined ? [] : tableLines(snapshot, frame);
    const start = `${hidden ? '' : HIDE_CURSOR}${up(rowsOf(drawn, columns))}\r`;
    // What stays may wrap, so nothing may lie below it.
    const staying = above.length === 0 ? '' : `${CLEAR_BELOW}${above.join('\n')}\n`;
    const text = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('');
    terminal.write(`${BEGIN_FRAME}${start}${staying}${text}${CLEAR_BELOW}${END_FRAME}`);
    hidden = true;
    drawn = lines;
  };
  const close = (): void => {
    if (hidden) terminal.write(SHOW_CURSOR);
    hidden = false;
    drawn = [];
  };

  return {
    update: (snapshot) => {
      last = snapshot;
      draw(snapshot);
    },
    note: (line) => draw(last, [line]),
    end: (ending) => {
      last = undefined;
      draw(undefined, summaryLines(ending, { colors, width: terminal.size().columns }));
      close();
    },
    close,
  };
}

/** Rows that the lines take up now: a window that became narrower has wrapped them. */
function rowsOf(lines: readonly string[], columns: number): number {
  const rows = lines.map((line) => Math.max(1, Math.ceil(visibleLength(line) / columns)));
  return rows.reduce((sum, count) => sum + count, 0);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with ESC
const COLOR = /\x1b\[[0-9;]*m/g;
const visibleLength = (line: string): number => [...line.replace(COLOR, '')].length;
