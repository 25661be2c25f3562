// Sees to it that what a test started never outlives it, not even a SIGKILL: a process of its own holds the list of what to end
// and remove, and acts on it when the pipe from here closes. One for each process that starts any; it ends with its list done.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What to do should this process die: kill a process, remove a folder, or run a command. The last one goes first. */
export type Duty =
  | { readonly kill: number }
  | { readonly remove: string }
  | { readonly run: readonly string[] };
export type Message = { readonly id: number } & ({ readonly duty: Duty } | { readonly done: true });

const MAIN = fileURLToPath(new URL('watchdog-process.ts', import.meta.url));

let pipe: Writable | undefined;
let last = 0;

/** Hands a duty over; call what it returns once the duty is no more. */
export function onDeath(duty: Duty): () => void {
  pipe ??= start();
  last += 1;
  const id = last;
  send({ id, duty });
  return () => send({ id, done: true });
}

function send(message: Message): void {
  pipe?.write(`${JSON.stringify(message)}\n`);
}

function start(): Writable {
  // Detached: an interrupt from the terminal reaches the whole group, and this one must outlast it.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.unref();
  // A child's pipe is a socket, which would keep this process alive.
  (child.stdin as Writable & { unref(): void }).unref();
  child.stdin.on('error', () => {});
  return child.stdin;
}
