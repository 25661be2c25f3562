// The image of the real node's own: the program `pause` and nothing else. Its Pods bring what they run by mounts of this machine.
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobsOf, writeLayer, writeLayout } from '../../images/index.ts';

export const IMAGE = 'bionas.local/host:1';

/** Writes it as an OCI layout into the folder. */
export async function writeImage(layout: string, pause: string): Promise<void> {
  const fill = async (root: string) => {
    await copyFile(pause, join(root, 'pause'));
    await chmod(join(root, 'pause'), 0o755);
    return [];
  };
  const layer = await writeLayer({ fill }, blobsOf(layout));
  const config = { Entrypoint: ['/pause'] };
  await writeLayout(layout, { reference: IMAGE, layers: [layer], config });
}
