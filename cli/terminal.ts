// What standard output can do: redraw, colours. Pure over environment and stream.
import type { Terminal } from './run/index.ts';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** no-color.org and force-color.org: NO_COLOR wins, an empty value is none. */
export function wantsColor(env: Environment, output: Output): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return canRedraw(env, output);
}

const canRedraw = (env: Environment, { isTTY }: Output): boolean =>
  isTTY === true && env['TERM'] !== 'dumb';

/** undefined where a frame cannot be drawn over. */
export function terminalOf(env: Environment, output: Output): Terminal | undefined {
  if (!canRedraw(env, output)) return undefined;
  return {
    write: (text) => void output.write(text),
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
  };
}
