// An image as a folder of blobs and as one archive: https://specs.opencontainers.org/image-spec/image-layout/
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Layer } from './layer.ts';

const run = promisify(execFile);

export const blobsOf = (layout: string): string => join(layout, 'blobs', 'sha256');

export interface ImageParts {
  /** Name and tag. */
  readonly reference: string;
  /** Their blobs are in the layout already. The lowest first. */
  readonly layers: readonly Pick<Layer, 'digest' | 'size'>[];
  /** https://specs.opencontainers.org/image-spec/config/ */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Writes what makes an image of its layers, and returns the digest of its manifest (`sha256:...`). */
export async function writeLayout(layout: string, parts: ImageParts): Promise<string> {
  const { reference, layers, config } = parts;
  const blobs = blobsOf(layout);
  await mkdir(blobs, { recursive: true });
  const store = async (mediaType: string, content: unknown) => {
    const text = JSON.stringify(content);
    const digest = createHash('sha256').update(text).digest('hex');
    await writeFile(join(blobs, digest), text);
    return descriptor(mediaType, { digest, size: Buffer.byteLength(text) });
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: await store('config.v1+json', {
      created: '1970-01-01T00:00:00Z',
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
    }),
    layers: layers.map((layer) => descriptor('layer.v1.tar', layer)),
  };
  const stored = await store('manifest.v1+json', manifest);
  const named = {
    ...stored,
    annotations: {
      'io.containerd.image.name': reference,
      'org.opencontainers.image.ref.name': reference,
    },
  };
  const index = { schemaVersion: 2, manifests: [named] };
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(layout, 'index.json'), JSON.stringify(index));
  return stored.digest;
}

/** Packs the layout into one file. */
export async function writeArchive(layout: string, file: string): Promise<void> {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['-C', layout, ...same, '--mode=a+rX,u+w,go-w', '-cf', file, '.']);
}

const descriptor = (mediaType: string, { digest, size }: Pick<Layer, 'digest' | 'size'>) => ({
  mediaType: `application/vnd.oci.image.${mediaType}`,
  digest: `sha256:${digest}`,
  size,
});
