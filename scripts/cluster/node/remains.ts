// What a node leaves behind when its parts are killed: containers and their shims, mounts, control groups. Linux only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { mountsUnder } from '../directories.ts';
import { restoreKernelSettings } from './kernel-settings.ts';
import { removeOutside } from './outside.ts';
import { removeAddresses } from './service-address.ts';

const CONTROL_GROUPS = '/sys/fs/cgroup';

/** Name of the control group of the node's Pods: its own, so that no other kubelet's Pods are touched. */
export function controlGroupOf(directory: string): string {
  return `bionas-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
}

/** Makes that group, as a kubelet wants to find it. */
export function makeControlGroup(directory: string): void {
  for (const hierarchy of hierarchies()) {
    // Two names of one hierarchy may be links to one folder.
    mkdirSync(join(hierarchy, controlGroupOf(directory)), { recursive: true });
  }
}

/** Kills and unmounts, and puts back, whatever belongs to the node of this folder. The folder itself stays. */
export function removeRemains(directory: string): void {
  // A shim that is killed leaves its container, so the containers go first.
  for (const group of groupsOf(directory)) for (const pid of processesOf(group)) kill(pid);
  for (const pid of shimsOf(directory)) kill(pid);
  removeOutside(
    directory,
    join(directory, 'containerd-state', 'io.containerd.runtime.v2.task', 'k8s.io'),
  );
  for (const mount of mountsUnder(directory)) spawnSync('umount', ['--lazy', mount]);
  for (const group of groupsOf(directory)) removeGroup(group);
  removeAddresses(directory);
  restoreKernelSettings(directory);
}

/** The node's control group in every hierarchy of version 1, or in the one of version 2. */
function groupsOf(directory: string): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, controlGroupOf(directory)))
    .filter((group) => existsSync(group));
}

function hierarchies(): string[] {
  if (existsSync(join(CONTROL_GROUPS, 'cgroup.controllers'))) return [CONTROL_GROUPS];
  return readdirSync(CONTROL_GROUPS).map((name) => join(CONTROL_GROUPS, name));
}

function subgroups(group: string): string[] {
  return readdirSync(group, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(group, name));
}

function processesOf(group: string): number[] {
  const own = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
  return [...own.map(Number), ...subgroups(group).flatMap(processesOf)];
}

function removeGroup(group: string): void {
  for (const inner of subgroups(group)) removeGroup(inner);
  try {
    rmdirSync(group);
  } catch {
    // Still in use for a moment: an empty group does no harm.
  }
}

function shimsOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) => commandOf(pid).includes('containerd-shim') && commandOf(pid).includes(directory),
    );
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
