// Settings of the whole machine that a kubelet and its network change for good: remembered before, put back after. What had
// their value already is not theirs to put back, so nodes side by side do not undo each other.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As a kubelet (1.37, without protectKernelDefaults) and the bridge plug-in set them. */
const THEIRS: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
  'net/ipv4/ip_forward': '1',
};

const placeOf = (setting: string): string => join('/proc/sys', setting);
const fileOf = (directory: string): string => join(directory, 'kernel-settings.json');

/** All of them, as they are now; those that this kernel lacks are left out. */
export function kernelSettings(): Record<string, string> {
  const there = Object.keys(THEIRS).filter((setting) => existsSync(placeOf(setting)));
  return Object.fromEntries(
    there.map((setting) => [setting, readFileSync(placeOf(setting), 'utf8').trim()]),
  );
}

/** Into the node's folder, before the node starts. */
export function rememberKernelSettings(directory: string): void {
  const own = Object.entries(kernelSettings()).filter(([name, value]) => THEIRS[name] !== value);
  writeFileSync(fileOf(directory), JSON.stringify(Object.fromEntries(own)));
}

/** What was remembered. May be called again. */
export function restoreKernelSettings(directory: string): void {
  if (!existsSync(fileOf(directory))) return;
  const own: Record<string, string> = JSON.parse(readFileSync(fileOf(directory), 'utf8'));
  for (const [setting, value] of Object.entries(own)) writeFileSync(placeOf(setting), value);
  rmSync(fileOf(directory));
}
