// make images: archives and bills of materials in dist/images; `main.ts cuda`: the same of trainer-cuda alone.
// `main.ts assemble IMAGE ROOT ARCHITECTURE` is for images/Dockerfile: all of an image but its base and TensorFlow, below ROOT.
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { billOfMaterials, type Component } from './component.ts';
import { CUDA_IMAGE, IMAGES, type Image } from './image.ts';
import { type BuiltImage, buildImages, writeArchive } from './index.ts';
import { type Architecture, repositoryPath } from './packages.ts';
import { partsOf, withCompiled } from './program.ts';

const { version } = packageJson;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

async function makeImages(images: readonly Image[]): Promise<void> {
  const directory = repositoryPath('dist/images');
  const work = join(directory, '.layouts');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  for (const image of await buildImages(work, images)) await publish(image, directory);
  await rm(work, { recursive: true });
}

async function publish(image: BuiltImage, directory: string): Promise<void> {
  const name = `bionas-${image.name}`;
  const file = join(directory, `${name}-${version}`);
  await writeArchive(image.layout, `${file}.oci.tar`);
  await writeFile(`${file}.cdx.json`, billOfMaterials({ name, version }, image.components));
  const sizes = image.layers.map(({ size }) => megabytes(size)).join(' + ');
  const { size } = await stat(`${file}.oci.tar`);
  console.log(`${image.reference} ${image.digest}`);
  console.log(`  ${file}.oci.tar: ${megabytes(size)} (layers ${sizes})`);
  console.log(`  ${file}.cdx.json: ${image.components.length} components`);
}

async function assemble(name: string, root: string, architecture: string): Promise<void> {
  const image = IMAGES.find((one) => one.name === name);
  if (image === undefined) throw new Error(`expected operator or trainer, got ${name}`);
  const components = await withCompiled(async (compiled) => {
    const parts = await partsOf(image, { compiled, architecture: architecture as Architecture });
    const filled: Component[] = [];
    for (const { content } of parts) filled.push(...(await content.fill(root)));
    return filled;
  });
  const bill = billOfMaterials({ name: `bionas-${name}`, version }, components);
  await writeFile(join(root, 'app', 'bom.cdx.json'), bill);
}

const [command, name = '', root = '', architecture = process.arch] = process.argv.slice(2);
if (command === undefined) await makeImages(IMAGES);
else if (command === 'cuda') await makeImages([CUDA_IMAGE]);
else if (command === 'assemble') await assemble(name, root, architecture);
else throw new Error(`usage: main.ts [cuda | assemble IMAGE ROOT [ARCHITECTURE]], got ${command}`);
