// Door of packing: photographs into shards, and back.

export type { PackSummary } from './form.ts';
export { MANIFEST, type PackManifest } from './manifest.ts';
export { PACK_FORMATS, type PackOptions, type PackProgress, packPhotographs } from './pack.ts';
export { checkShard, indexPacked, readManifest } from './packed.ts';
