// The commands of a page in one shell, one after the other, so that what one leaves is there for the next.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Clone } from './clone.ts';

export interface Step {
  /** What the page says. */
  readonly said: string;
  /** What is run. */
  readonly run: string;
  /** What the page leaves to the reader. */
  readonly before?: string | undefined;
}

export interface Done {
  readonly said: string;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A line that no command prints. */
const MARK = '\u0001';

/**
 * `serve COMMAND` starts a server, and is back with its address in $url; `until_ctrl_c COMMAND` also asks it for its page, and ends it
 * as Ctrl-C would, well.
 */
const PRELUDE = `
exec 2>&1 </dev/null
serve() {
  : >.served
  "$@" >>.served 2>&1 &
  server=$! url= end=$((SECONDS + \${SERVE_SECONDS:-300}))
  trap 'kill $server 2>/dev/null' EXIT
  until url=$(grep -o 'http://[^ ]*[^ /]' .served | head -n 1); [ -n "$url" ]; do
    kill -0 $server && [ $SECONDS -lt $end ] || { cat .served; return 1; }
    sleep 0.1
  done
  cat .served
}
until_ctrl_c() {
  serve "$@" || return 1
  node -e 'fetch(process.argv[1]).then(({ ok }) => process.exit(ok ? 0 : 1))' "$url/" || return 1
  kill -TERM $server
  wait $server
}
`;

/** Ms: what is under way may let go of what it has started. */
const GRACE = 10_000;

/** Ends with the signal, and so does what it has started. @throws Error with the output of the first that fails */
export async function inShell(
  clone: Clone,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<Done[]> {
  const script = steps.flatMap(({ run, before }, k) => [
    `printf '\\n${MARK}%s\\n' ${k}`,
    ...(before === undefined ? [] : [`{ ${before}\n} || exit 1`]),
    `{ ${run}\n} || exit 1`,
  ]);
  signal.throwIfAborted();
  const shell = spawn('bash', ['-c', PRELUDE + script.join('\n')], {
    cwd: clone.directory,
    env: clone.env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, to be ended whole.
    detached: true,
  });
  const end = () => {
    endGroup(shell, 'SIGTERM');
    setTimeout(endGroup, GRACE, shell, 'SIGKILL').unref();
  };
  signal.addEventListener('abort', end);
  const [output, [code]] = await Promise.all([text(shell.stdout), once(shell, 'close')]);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  const done = output
    .split(new RegExp(`\n${MARK}\\d+\n`))
    .slice(1)
    .map((part, k) => ({ said: steps[k]?.said ?? '', output: part }));
  if (code === 0) return done;
  const { said, output: last } = done.at(-1) ?? { said: 'the shell', output };
  throw new Error(`$ ${said}\nended with ${code}:\n${last.slice(-4_000)}`);
}

function endGroup({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
