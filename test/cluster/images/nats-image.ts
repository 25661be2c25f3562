// An image of NATS, which its makers' stands in for where no registry of images can be reached: their server, as PyPI has it.
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { natsServer } from '../../../scripts/cluster/programs.ts';
import { blobsOf, writeLayer, writeLayout } from '../../../scripts/images/index.ts';

/** Writes it as an OCI layout into the folder. */
export async function writeNatsImage(layout: string, reference: string): Promise<void> {
  const fill = async (root: string) => {
    await copyFile(await natsServer(), join(root, 'nats-server'));
    await chmod(join(root, 'nats-server'), 0o755);
    return [];
  };
  const layer = await writeLayer({ fill }, blobsOf(layout));
  const config = { Entrypoint: ['/nats-server'] };
  await writeLayout(layout, { reference, layers: [layer], config });
}
