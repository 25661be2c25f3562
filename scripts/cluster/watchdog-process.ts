// The watchdog itself: reads duties from its standard input, and does what is left of them when that ends.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { removeDirectory } from './directories.ts';
import type { Duty, Message } from './watchdog.ts';

const DEADLINE_MS = 10_000;
const COMMAND_DEADLINE_MS = 60_000;

const duties = new Map<number, Duty>();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if ('duty' in message) duties.set(message.id, message.duty);
  else duties.delete(message.id);
}
for (const duty of [...duties.values()].reverse()) await perform(duty).catch(console.error);

async function perform(duty: Duty): Promise<void> {
  if ('kill' in duty) return end(duty.kill);
  if ('remove' in duty) return removeDirectory(duty.remove);
  const [command = '', ...args] = duty.run;
  spawnSync(command, args, { stdio: 'ignore', timeout: COMMAND_DEADLINE_MS });
}

async function end(pid: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (killed(pid) && !isZombie(pid) && performance.now() < deadline) await delay(20);
}

/** False where there is no such process any more. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Dead, but its new parent has not asked for its exit code yet; known on Linux only. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
