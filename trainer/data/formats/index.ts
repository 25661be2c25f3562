// Door of the file formats.
export { ByteReader, type ByteSource, openBytes } from './byte-stream.ts';
export {
  CIFAR_CHANNELS,
  CIFAR_SIDE,
  type CifarLayout,
  type CifarPictures,
  readCifar,
} from './cifar.ts';
export { type DownsampledPart, readDownsampledImagenet } from './downsampled-imagenet.ts';
export { FormatError } from './format-error.ts';
export { type IdxPictures, readIdxLabels, readIdxPictures } from './idx.ts';
export { FolderError, type ImageFolder, readImageFolder } from './image-folder.ts';
export { NdArray, readPickle } from './pickle/index.ts';
