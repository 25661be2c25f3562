// The one image of the real node: the program `pause` and nothing else. Its Pods bring what they run by mounts of this machine.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const IMAGE = 'bionas.local/host:1';

/** Writes an OCI archive into the folder, and returns its path. https://specs.opencontainers.org/image-spec/image-layout/ */
export async function writeImage(directory: string, pause: string): Promise<string> {
  const root = join(directory, 'root');
  const layout = join(directory, 'layout');
  const blobs = join(layout, 'blobs', 'sha256');
  await Promise.all([root, blobs].map((folder) => mkdir(folder, { recursive: true })));
  await copyFile(pause, join(root, 'pause'));
  await chmod(join(root, 'pause'), 0o755);
  const layer = join(directory, 'layer.tar');
  await run('tar', ['-C', root, '-cf', layer, '.']);

  const store = async (mediaType: string, content: Buffer | string) => {
    const digest = createHash('sha256').update(content).digest('hex');
    await writeFile(join(blobs, digest), content);
    const size = Buffer.byteLength(content);
    return {
      mediaType: `application/vnd.oci.image.${mediaType}`,
      digest: `sha256:${digest}`,
      size,
    };
  };
  const stored = await store('layer.v1.tar', await readFile(layer));
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: ['/pause'] },
    rootfs: { type: 'layers', diff_ids: [stored.digest] },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: await store('config.v1+json', JSON.stringify(config)),
    layers: [stored],
  };
  const named = {
    ...(await store('manifest.v1+json', JSON.stringify(manifest))),
    annotations: { 'io.containerd.image.name': IMAGE },
  };
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [named] }),
  );
  const archive = join(directory, 'image.tar');
  await run('tar', ['-C', layout, '-cf', archive, '.']);
  return archive;
}
