// The root file system under the images: of Debian only C's libraries, certificates and the names of two users. No shell, no
// package manager. It is what gcr.io/distroless/cc-debian12 is, for machines that reach no registry of images.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component } from './component.ts';
import { USER } from './image.ts';
import type { LayerContent } from './layer.ts';

const run = promisify(execFile);
const DEADLINE_MS = 300_000;

const PACKAGES = ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6'];
/** For people and for tools that are not there. */
const USELESS = ['man', 'lintian', 'locale', 'info'].map((name) => `usr/share/${name}`);
const ETC = {
  passwd: `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${USER}:${USER}:nonroot:/tmp:/sbin/nologin\n`,
  group: `root:x:0:\nnonroot:x:${USER}:\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/** What the base follows from, but for Debian's own updates: removing it from the cache brings them. */
export const baseKey = { PACKAGES, USELESS, ETC, architecture: process.arch };

export const base: LayerContent = { fill, keepsModes: true };

/** Why no images can be built here; undefined where they can. */
export function imagesObstacle(): string | undefined {
  const missing = ['apt-get', 'dpkg-deb', 'tar'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing: images need Debian's`;
}

async function fill(root: string): Promise<readonly Component[]> {
  const downloads = await mkdtemp(join(tmpdir(), 'bionas-debian-'));
  try {
    await download(downloads);
    const files = (await readdir(downloads)).filter((name) => name.endsWith('.deb')).sort();
    const components: Component[] = [];
    for (const file of files) components.push(await unpack(join(downloads, file), root));
    for (const folder of [...USELESS, 'usr/sbin'])
      await rm(join(root, folder), { recursive: true, force: true });
    await writeCertificates(root);
    for (const [name, content] of Object.entries(ETC)) await write(root, `etc/${name}`, content);
    await openToAll(root);
    return components;
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<void> {
  const options = { cwd: folder, timeout: DEADLINE_MS };
  const get = () =>
    run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...PACKAGES], options);
  try {
    // Lists may be missing, or name versions that are gone.
    await get().catch(async () => {
      await run('apt-get', ['update', '-qq'], options);
      await get();
    });
  } catch (cause) {
    const what = `apt-get download ${PACKAGES.join(' ')}`;
    throw new Error(`${what} failed: images are built on Debian, with its mirror in reach`, {
      cause,
    });
  }
}

async function unpack(file: string, root: string): Promise<Component> {
  await run('dpkg-deb', ['--extract', file, root]);
  const { stdout: control } = await run('dpkg-deb', ['--field', file]);
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1] ?? '';
  const [name, version] = [field('Package'), field('Version')];
  // Where scanners look for what a distroless image holds.
  await write(root, `var/lib/dpkg/status.d/${name}`, control);
  const query = `arch=${field('Architecture')}&distro=debian-12`;
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?${query}`;
  return { type: 'library', name, version, purl };
}

async function writeCertificates(root: string): Promise<void> {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await write(root, 'etc/ssl/certs/ca-certificates.crt', texts.join(''));
}

/** Whatever umask made it; and all may write where all may write. */
async function openToAll(root: string): Promise<void> {
  await run('chmod', ['-R', 'a+rX,u+w,go-w', root]);
  await run('chmod', ['1777', join(root, 'tmp'), join(root, 'var/tmp')]);
}

async function write(root: string, path: string, content: string): Promise<void> {
  const file = join(root, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}
