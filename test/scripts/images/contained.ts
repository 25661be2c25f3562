// A root file system run as a container runs it, by what a Linux without Docker has: namespaces of its own without a network, the root
// read-only, /tmp in memory, the image's user and nothing of this process's environment.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configOf, type Image } from '../../../scripts/images/index.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = `set -eu
root=$1 data=$2 user=$3 program=$4
mount --bind "$root" "$root"
mount --bind "$data" "$root/data"
mount -o remount,ro,bind "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
cd "$root"
exec chroot --userspec="$user" "$root" /usr/local/bin/node "$program"
`;

/** Why nothing can be contained here; undefined where it can. */
export function containmentObstacle(): string | undefined {
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true']);
  return status === 0 ? undefined : 'no right to namespaces (unshare)';
}

interface Contained {
  readonly root: string;
  /** A folder of this machine that is /data there. */
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function runContained(image: Image, { root, data, env }: Contained): Promise<Ended> {
  const { Env, Entrypoint, User, WorkingDir } = configOf(image);
  for (const folder of ['proc', 'tmp', 'dev', 'data'])
    mkdirSync(join(root, folder), { recursive: true });
  const own = Object.fromEntries(Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const args = ['--mount', '--pid', '--net', '--fork', 'sh', '-c', SCRIPT, 'sh'];
  const child = spawn('unshare', [...args, root, data, User, Entrypoint[1] ?? ''], {
    // A root is entered at its top, whatever the image's working directory.
    env: { ...own, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', BIONAS_WORKDIR: WorkingDir, ...env },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, ...said };
}
