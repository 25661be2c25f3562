// What this machine says of NVIDIA's driver, read from its files: no program of NVIDIA's need be in the image.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Driver {
  /** Of the kernel module, such as 550.54.15; undefined where none is loaded. */
  readonly version: string | undefined;
  /** Names of the cards that the driver knows, such as NVIDIA H100 80GB HBM3. */
  readonly cards: readonly string[];
  /** Device files in this container (nvidia0, ...): what the device plugin let in. */
  readonly devices: readonly string[];
}

/** @param root `/`, or a folder that stands in for it */
export async function readDriver(root: string): Promise<Driver> {
  const driver = join(root, 'proc/driver/nvidia');
  const version = await textOf(join(driver, 'version'));
  const addresses = await namesIn(join(driver, 'gpus'));
  const cards = addresses.sort().map((name) => textOf(join(driver, 'gpus', name, 'information')));
  const devices = (await namesIn(join(root, 'dev'))).filter((name) => /^nvidia\d+$/.test(name));
  return {
    version: /^NVRM version:.*?\s(\d+(\.\d+)+)\s/m.exec(version)?.[1],
    cards: (await Promise.all(cards)).map(
      (text) => /^Model:\s*(.*\S)/m.exec(text)?.[1] ?? 'unknown',
    ),
    devices: devices.sort(),
  };
}

/** Empty where there is none. */
const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
