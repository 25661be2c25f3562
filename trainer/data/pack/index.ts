// Door of packing: photographs into shards, and back.
export { MANIFEST, type PackManifest } from './manifest.ts';
export { type PackOptions, type PackProgress, packPhotographs } from './pack.ts';
export { checkShard, indexPacked, readManifest } from './packed.ts';
