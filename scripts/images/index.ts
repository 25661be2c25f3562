// Door of the image builder: the root file systems of images/Dockerfile as OCI images, without Docker. What is worth keeping of
// them is in the user's cache, so that a second build takes seconds.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Component } from './component.ts';
import { base, baseKey } from './debian.ts';
import { configOf, IMAGES, type Image, type ImageName, referenceOf } from './image.ts';
import { cachedLayer, type Layer, writeLayer } from './layer.ts';
import { blobsOf, writeLayout } from './layout.ts';
import type { Architecture } from './packages.ts';
import { type Part, partsOf, withCompiled } from './program.ts';
import { tensorFlowPart } from './tensorflow.ts';
import { cudaPart } from './tensorflow-cuda.ts';

export { imagesObstacle } from './debian.ts';
export { CUDA_IMAGE, configOf, type Image, type ImageName, referenceOf } from './image.ts';
export { writeLayer } from './layer.ts';
export { blobsOf, writeArchive, writeLayout } from './layout.ts';
export { cudaObstacle } from './tensorflow-cuda.ts';

export interface BuiltImage {
  readonly name: ImageName;
  readonly reference: string;
  /** Folder of its blobs. */
  readonly layout: string;
  /** Of its manifest: `sha256:...`. */
  readonly digest: string;
  readonly layers: readonly Layer[];
  readonly components: readonly Component[];
}

/** Builds all images into folders of the directory. Throws where Debian's mirror, npm's packages or TensorFlow are missing. */
export async function buildImages(
  directory: string,
  images: readonly Image[] = IMAGES,
): Promise<readonly BuiltImage[]> {
  return withCompiled(async (compiled) => {
    const built: BuiltImage[] = [];
    for (const image of images) {
      const parts = await allParts(image, compiled);
      built.push(await buildImage(image, parts, join(directory, image.name)));
    }
    return built;
  });
}

/** Its root file system alone, in an empty folder; large files may be links to those of the cache. Throws as buildImages does. */
export async function writeRoot(image: Image, root: string): Promise<void> {
  await withCompiled(async (compiled) => {
    for (const { content } of await allParts(image, compiled)) await content.fill(root);
  });
}

async function allParts(image: Image, compiled: string): Promise<readonly Part[]> {
  const architecture = process.arch as Architecture;
  const [node, ...others] = await partsOf(image, { compiled, architecture });
  const library = { cpu: tensorFlowPart, cuda: cudaPart };
  const computing = image.tensorflow === undefined ? [] : [await library[image.tensorflow]()];
  return [
    { key: baseKey, content: base },
    ...(node === undefined ? [] : [node]),
    ...computing,
    ...others,
  ];
}

async function buildImage(
  image: Image,
  parts: readonly Part[],
  layout: string,
): Promise<BuiltImage> {
  await rm(layout, { recursive: true, force: true });
  const blobs = blobsOf(layout);
  const layers: Layer[] = [];
  for (const { key, content } of parts) {
    const made = key === undefined ? writeLayer(content, blobs) : cachedLayer(key, content, blobs);
    layers.push(await made);
  }
  const reference = referenceOf(image);
  const digest = await writeLayout(layout, { reference, layers, config: configOf(image) });
  const components = layers.flatMap((layer) => layer.components);
  return { name: image.name, reference, layout, digest, layers, components };
}
