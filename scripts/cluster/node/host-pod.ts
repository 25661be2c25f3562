// A Pod of the real node that runs what this machine has: its Node, packages, libraries and caches, all mounted read-only.
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IMAGE } from './image.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');
// Two of them are links into the first; a container has no links of its own.
const SYSTEM = ['/usr', '/lib', '/lib64'];

export interface HostPodOptions {
  /** The container's command. Default: the trainer, of this repository. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of this machine that it reads, beside the repository and the caches. */
  readonly reads?: readonly string[];
}

/**
 * A Pod template, as `spec.trialTemplate` and the operator's --trainer-template take it. The Pod can write to its working
 * directory, /scratch, and to /tmp.
 */
export function hostPodTemplate(options: HostPodOptions = {}) {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const modules = join(REPOSITORY, 'node_modules');
  const places = [...SYSTEM, REPOSITORY, modules, join(cache, 'bionas'), process.execPath];
  const reads = [...places, ...(options.reads ?? [])].filter((path) => existsSync(path));
  const mounted = reads.filter((path, index) => !isInside(path, reads.slice(0, index)));
  const command = options.command ?? [process.execPath, join(REPOSITORY, 'trainer', 'main.ts')];
  const env = {
    HOME: homedir(),
    XDG_CACHE_HOME: cache,
    BIONAS_WORKDIR: '/scratch',
    ...options.env,
  };
  const readOnly = mounted.map((path, index) => ({
    volume: { name: `host-${index}`, hostPath: { path: realpathSync(path) } },
    mount: { name: `host-${index}`, mountPath: path, readOnly: true },
  }));
  const writable = ['scratch', 'tmp'].map((name) => ({
    volume: { name, emptyDir: {} },
    mount: { name, mountPath: `/${name}` },
  }));
  const volumes = [...readOnly, ...writable];
  return {
    spec: {
      // NATS listens on this machine's loopback only.
      hostNetwork: true,
      nodeSelector: { 'bionas.dev/real': 'true' },
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      // In the place of the operator's own: the files of this machine are root's.
      securityContext: {},
      containers: [
        {
          name: 'trainer',
          securityContext: {},
          image: IMAGE,
          imagePullPolicy: 'Never',
          command,
          workingDir: '/scratch',
          env: Object.entries(env).map(([name, value]) => ({ name, value })),
          volumeMounts: volumes.map(({ mount }) => mount),
        },
      ],
      volumes: volumes.map(({ volume }) => volume),
    },
  };
}

/** Whether the path is in one of the folders, by its own name and not through a link. */
function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) =>
      path.startsWith(`${folder}/`) && realpathSync(path).startsWith(`${realpathSync(folder)}/`),
  );
}
