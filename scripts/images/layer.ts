// Layers of images: a folder becomes an archive that is the same, bit for bit, for the same content. Heavy ones are kept in the
// user's cache under a key that says what is in them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Component } from './component.ts';

export interface Layer {
  /** Of the archive, which is not compressed: SHA-256, hexadecimal. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly components: readonly Component[];
}

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bionas', 'images');
const LAYERS = join(CACHE, 'layers');
/** Of the code that fills layers: raise it where the same key leads to another content. */
const RECIPE = 3;

/** No times, no owners, one order; and no more permissions than a reader needs, whatever umask the files were made with. */
const SAME = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
const READABLE = '--mode=a+rX,u+w,go-w';

export interface LayerContent {
  /** Fills the folder that becomes the root, and says what it is made of. */
  readonly fill: (root: string) => Promise<readonly Component[]>;
  /** Whether the permissions of the files count. Default: all may read, none but root may write. */
  readonly keepsModes?: boolean;
}

/** Writes the layer as a blob into the folder, under its digest. */
export async function writeLayer(content: LayerContent, blobs: string): Promise<Layer> {
  await mkdir(blobs, { recursive: true });
  const work = await mkdtemp(join(blobs, '.layer-'));
  try {
    const root = join(work, 'root');
    await mkdir(root, { mode: 0o755 });
    const components = await content.fill(root);
    const archive = join(work, 'layer.tar');
    const digest = await archiveOf(root, archive, content.keepsModes ?? false);
    await rename(archive, join(blobs, digest));
    return { digest, size: (await stat(join(blobs, digest))).size, components };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The same through the cache: `key` is all that the content follows from. */
export async function cachedLayer(
  key: unknown,
  content: LayerContent,
  blobs: string,
): Promise<Layer> {
  const name = createHash('sha256')
    .update(JSON.stringify([RECIPE, key]))
    .digest('hex');
  const note = join(LAYERS, `${name}.json`);
  if (!existsSync(note)) {
    const made = await writeLayer(content, LAYERS);
    await writeFile(`${note}.new`, JSON.stringify(made));
    await rename(`${note}.new`, note);
  }
  const layer: Layer = JSON.parse(await readFile(note, 'utf8'));
  await mkdir(blobs, { recursive: true });
  await place(join(LAYERS, layer.digest), join(blobs, layer.digest));
  return layer;
}

/** A file at another place: the same one where the file system can, else a copy. */
export async function place(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  await link(from, to).catch(() => copyFile(from, to));
}

/** Gives the SHA-256 of the archive. */
async function archiveOf(root: string, file: string, keepsModes: boolean): Promise<string> {
  const modes = keepsModes ? [] : [READABLE];
  const args = ['-C', root, '--format=gnu', ...SAME, ...modes, '-cf', '-', '.'];
  const tar = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  const hash = createHash('sha256');
  await pipeline(
    tar.stdout,
    async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar of ${root} ended with ${code}`);
  return hash.digest('hex');
}
