// What a real node needs of this machine: root on Linux, and Debian's containerd, runc, CNI plug-ins and iproute2.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_DEADLINE_MS = 300_000;
const PACKAGES = ['containerd', 'runc', 'containernetworking-plugins', 'iproute2'] as const;
/** Label of the node, by which a Pod asks for it. */
export const REAL_LABEL = 'bionas.dev/real=true';
export const PLUGIN_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin'] as const;

/** A real node cannot be had on this machine; the message says why and what to do. */
export class NodeImpossibleError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`no real node here: ${reason}`, options);
    this.name = 'NodeImpossibleError';
  }
}

/** Why there can be no real node here, whatever is installed; undefined where there can. */
export function nodeObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'a kubelet runs on Linux only';
  if (process.getuid?.() !== 0) return 'a kubelet needs root';
  const other = foreignKubelet();
  if (other !== undefined) return `another kubelet runs here already (process ${other})`;
  const missing = missingPrograms();
  if (missing.length > 0 && !isOnPath('apt-get')) {
    return `${missing.join(', ')} missing, and no apt-get to install ${PACKAGES.join(', ')}`;
  }
  return undefined;
}

/** Installs what is missing by apt-get. Throws NodeImpossibleError. */
export async function installNodePackages(): Promise<void> {
  const obstacle = nodeObstacle();
  if (obstacle !== undefined) throw new NodeImpossibleError(obstacle);
  if (missingPrograms().length === 0) return;
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_DEADLINE_MS,
  };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], options);
  } catch (cause) {
    const command = `apt-get install ${PACKAGES.join(' ')}`;
    throw new NodeImpossibleError(`${command} failed: run it by hand`, { cause });
  }
}

/** Two share places that nobody can choose; ours get along with each other, having no devices. */
function foreignKubelet(): string | undefined {
  return readdirSync('/proc').find((pid) => {
    try {
      const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return basename(program) === 'kubelet' && !args.includes(`--node-labels=${REAL_LABEL}`);
    } catch {
      return false;
    }
  });
}

function missingPrograms(): string[] {
  const programs = ['containerd', 'ctr', 'runc', 'ip'].filter((name) => !isOnPath(name));
  const plugins = PLUGIN_FOLDERS.some((folder) => existsSync(join(folder, 'ptp')));
  return plugins ? programs : [...programs, 'CNI plug-ins'];
}

function isOnPath(name: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, name)));
}
