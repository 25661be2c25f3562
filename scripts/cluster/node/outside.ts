// What containerd, runc, the CNI plug-ins and the kubelet keep outside the node's folder, at places that nobody can choose.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const LOGS = '/var/log/containers';
const NETWORKS = '/var/lib/cni/results';
const RUNC = '/run/containerd/runc/k8s.io';
const KUBELET = '/var/lib/kubelet';
const PLUGINS = join(KUBELET, 'device-plugins');

/** Removes what is there of the containers whose bundles lie in the folder `tasks`, and links into `directory`. */
export function removeOutside(directory: string, tasks: string): void {
  for (const id of filesIn(tasks)) {
    const address = shimAddress(join(tasks, id));
    if (address !== undefined) remove(address);
    remove(join(RUNC, id));
    for (const name of filesIn(NETWORKS)) if (name.includes(id)) remove(join(NETWORKS, name));
  }
  for (const name of filesIn(LOGS)) {
    if (readlinkSync(join(LOGS, name)).startsWith(`${directory}/`)) remove(join(LOGS, name));
  }
  remove(join(PLUGINS, 'kubelet.sock'));
  for (const folder of [PLUGINS, KUBELET, NETWORKS, LOGS]) removeIfEmpty(folder);
}

/** A shim listens at a path that is a hash; its bundle says which. */
function shimAddress(bundle: string): string | undefined {
  const file = join(bundle, 'address');
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').trim().replace('unix://', '');
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && filesIn(folder).length === 0) rmdirSync(folder);
}
