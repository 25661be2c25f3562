// What processes of this machine have used: CPU and memory, from /proc. Linux only.
import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux fixes at 100 for all that /proc says. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU that a process has used, children that it has waited for included. */
function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return (user + system + childUser + childSystem) / TICKS_PER_SECOND;
}

/** Of all processes together, since the machine started. */
function machineCpuSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + soft) / TICKS_PER_SECOND;
}

export interface Memory {
  readonly nowMegabytes: number;
  readonly peakMegabytes: number;
}

/** Resident memory, in 10^6 bytes. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return { nowMegabytes: megabytes('VmRSS'), peakMegabytes: megabytes('VmHWM') };
}

/** CPU seconds up to one moment. */
export interface Usage {
  /** Monotonic ms. */
  readonly at: number;
  readonly machine: number;
  readonly of: Readonly<Record<string, number>>;
}

export function usageOf(pids: Readonly<Record<string, number>>): Usage {
  const of = Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)] as const);
  return { at: performance.now(), machine: machineCpuSeconds(), of: Object.fromEntries(of) };
}

export interface Used {
  readonly seconds: number;
  /** CPU seconds by process. */
  readonly of: Readonly<Record<string, number>>;
  /** Cores that processes of nobody named here kept busy. */
  readonly othersCores: number;
}

export function usedBetween(before: Usage, after: Usage): Used {
  const seconds = (after.at - before.at) / 1000;
  const of = Object.fromEntries(
    Object.entries(after.of).map(([name, cpu]) => [name, cpu - (before.of[name] ?? 0)]),
  );
  const ours = Object.values(of).reduce((sum, cpu) => sum + cpu, 0);
  const othersCores = Math.max(0, (after.machine - before.machine - ours) / seconds);
  return { seconds, of, othersCores };
}
